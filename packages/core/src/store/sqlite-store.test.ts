import { renameSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Store, StoreCommit } from "../contract/store.js";
import { systemClock, type Clock } from "../time/clock.js";
import { sqliteStore, type SqliteStoreOptions } from "./sqlite-store.js";
import { applicationId, migrations } from "./sqlite/schema.js";

let folder: string;
let path: string;
const stores: Store[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fairlead-sqlite-"));
  path = join(folder, "journal.db");
});

afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
  await rm(folder, { recursive: true, force: true });
});

function open(options: Partial<SqliteStoreOptions> = {}): Store {
  const store = sqliteStore({ path, ...options });
  stores.push(store);
  return store;
}

function commitTo(name: string, expectedVersion = 0): StoreCommit {
  return { streams: [{ name, expectedVersion, events: [{ type: "one", at: "2026-01-02T03:04:05.678Z", data: {}, hash: "sha256:0" }] }] };
}

/** A clock whose pauses are over at once, and which keeps their lengths. */
function hurriedClock(): Clock & { readonly pauses: number[] } {
  let now = Date.UTC(2026, 0, 2);
  const pauses: number[] = [];
  return {
    pauses,
    now: () => now,
    sleep: async (milliseconds, { signal } = {}) => {
      pauses.push(milliseconds);
      now += milliseconds;
      await new Promise(setImmediate);
      signal?.throwIfAborted();
    },
  };
}

describe("durability", () => {
  it("syncs every commit to the disk before it resolves", async () => {
    // The file is there: what makes one opens it under another name.
    await open().commit({ streams: [] });
    const handles = new Set<DatabaseSync>();
    const { prepare } = DatabaseSync.prototype;
    const spy = vi.spyOn(DatabaseSync.prototype, "prepare").mockImplementation(function (this: DatabaseSync, sql) {
      handles.add(this);
      return prepare.call(this, sql);
    });
    await open().commit(commitTo("a"));
    spy.mockRestore();
    // A new file is made beside its place, by another handle that is closed by now.
    const [handle, ...others] = [...handles].filter(({ isOpen }) => isOpen);
    expect(others).toEqual([]);
    // 2 is FULL: in WAL mode the log is synced by every commit.
    expect(handle?.prepare("PRAGMA synchronous").get()).toEqual({ synchronous: 2 });
    expect(handle?.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "wal" });
  });
});

describe("another process that writes", () => {
  /** Keeps the file busy from another connection. */
  async function keepBusy(): Promise<DatabaseSync> {
    const first = open();
    await first.commit({ streams: [] });
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    return other;
  }

  it("is waited for without blocking this one, and readers do not wait", async () => {
    const other = await keepBusy();
    const store = open();
    let isDone = false;
    const commit = store.commit(commitTo("a")).then(() => {
      isDone = true;
    });
    const startedAt = performance.now();
    await systemClock.sleep(60);
    // Nobody else ends the wait, which would be one of ten seconds.
    expect(performance.now() - startedAt).toBeLessThan(9_000);
    expect(await store.read("a")).toEqual([]);
    expect(isDone).toBe(false);
    other.exec("COMMIT");
    await commit;
    expect(await store.read("a")).toHaveLength(1);
    other.close();
  });

  it("is waited for with pauses of differing lengths, for ten seconds in all", async () => {
    const other = await keepBusy();
    const clock = hurriedClock();
    const store = open({ clock });
    await expect(store.commit(commitTo("a"))).rejects.toMatchObject({ code: "STORE_UNAVAILABLE", retryable: true });
    const total = clock.pauses.reduce((sum, pause) => sum + pause, 0);
    expect(total).toBeGreaterThanOrEqual(10_000);
    expect(total).toBeLessThan(10_100);
    expect(new Set(clock.pauses).size).toBe(clock.pauses.length);

    other.exec("ROLLBACK");
    await expect(store.commit(commitTo("a"))).resolves.toMatchObject({ versions: [1] });
    other.close();
  });

  it("is waited for as long as asked", async () => {
    const other = await keepBusy();
    const clock = hurriedClock();
    await expect(open({ clock, patience: "200ms" }).commit(commitTo("a"))).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    expect(clock.pauses.reduce((sum, pause) => sum + pause, 0)).toBeLessThan(300);
    other.close();
  });

  it("is not waited for once the store is closed", async () => {
    const other = await keepBusy();
    const store = open();
    const commit = store.commit(commitTo("a"));
    await systemClock.sleep(20);
    await Promise.all([expect(commit).rejects.toMatchObject({ code: "STORE_CLOSED" }), store.close()]);
    other.close();
  });
});

describe("a file that is moved or removed while it is open", () => {
  it("is not written any more, and again when it is put back", async () => {
    const store = open();
    await store.commit(commitTo("a"));
    renameSync(path, `${path}.away`);
    await expect(store.commit(commitTo("b"))).rejects.toMatchObject({ code: "STORE_REPLACED", retryable: false });
    await expect(store.leases.acquire({ name: "lease", holder: {}, ttl: 1_000 })).rejects.toMatchObject({ code: "STORE_REPLACED" });
    writeFileSync(path, "");
    await expect(store.commit(commitTo("b"))).rejects.toMatchObject({ code: "STORE_REPLACED" });
    renameSync(`${path}.away`, path);
    await expect(store.commit(commitTo("b"))).resolves.toMatchObject({ versions: [1] });
  });
});

describe("watching", () => {
  it("looks for commits of others every 100 ms, and only while somebody waits", async () => {
    const pauses: number[] = [];
    const sleep = vi.fn<Clock["sleep"]>((milliseconds, options) => {
      pauses.push(milliseconds);
      return systemClock.sleep(2, options);
    });
    const store = open({ clock: { now: systemClock.now, sleep } });
    await store.now();
    const stopped = new AbortController();
    const changes = store.watch({ prefix: "", signal: stopped.signal })[Symbol.asyncIterator]();
    await systemClock.sleep(20);
    expect(pauses).toEqual([]);

    const change = changes.next();
    await open().commit(commitTo("a"));
    await expect(change).resolves.toMatchObject({ value: { stream: "a", version: 1 } });
    expect(new Set(pauses)).toEqual(new Set([100]));

    const waiting = changes.next();
    await systemClock.sleep(10);
    stopped.abort();
    await expect(waiting).resolves.toMatchObject({ done: true });
    await new Promise((resolve) => setImmediate(resolve));
    const afterwards = sleep.mock.calls.length;
    await systemClock.sleep(20);
    expect(sleep.mock.calls).toHaveLength(afterwards);
  });
});

describe("finding streams by their summaries", () => {
  /** What many have and what few have, in both orders. */
  async function expectFound(store: Store): Promise<void> {
    const names = async (where: Record<string, string | boolean>, order: "newest" | "oldest") =>
      (await store.list({ prefix: "s", where, order, limit: 1000 })).items.map(({ name }) => name);
    const all = Array.from({ length: 600 }, (_, index) => `s${String(index).padStart(3, "0")}`);
    const of = (test: (index: number) => boolean) => all.filter((_, index) => test(index));
    const few = (index: number) => index % 100 === 7;
    expect(await names({ open: true }, "oldest")).toEqual(all);
    expect(await names({ open: true, key: 'x"y' }, "oldest")).toEqual(of(few));
    expect(await names({ key: 'x"y' }, "newest")).toEqual(of(few).reverse());
    expect(await names({ waiting: true }, "oldest")).toEqual(of(few));
    expect(await names({ waiting: false }, "oldest")).toEqual(of((index) => !few(index)));
    expect(await names({ key: "none" }, "newest")).toEqual([]);
    expect(await names({ open: false }, "newest")).toEqual([]);
    expect(await names({ open: "true" }, "newest")).toEqual([]);
    // What nobody looks for has no label, and is found all the same.
    expect(await names({ commit: "few" }, "oldest")).toEqual(of(few));
  }
  const summaryOf = (index: number) => {
    const few = index % 100 === 7;
    return { open: true, waiting: few, count: index, key: few ? 'x"y' : String(index), commit: few ? "few" : "many" };
  };

  it("finds what few have and what many have alike, also after they have changed", async () => {
    const store = open();
    const event = { type: "one", at: "2026-01-02T03:04:05.678Z", data: {}, hash: "sha256:0" };
    const write = (version: number, summary: (index: number) => Record<string, string | number | boolean>) =>
      store.commit({
        streams: Array.from({ length: 600 }, (_, index) => ({
          name: `s${String(index).padStart(3, "0")}`,
          expectedVersion: version,
          events: [event],
          summary: summary(index),
        })),
      });
    await write(0, () => ({ open: false, key: "none", outcome: "yes" }));
    await write(1, summaryOf);
    await expectFound(store);
    expect((await store.list({ prefix: "s", where: { outcome: "yes" } })).items).toEqual([]);
  });

  it("finds them in a file that was written before there were labels", async () => {
    const before = new DatabaseSync(path);
    before.exec(
      `PRAGMA journal_mode = WAL; ${migrations[0] ?? ""}; PRAGMA application_id = ${String(applicationId)}; PRAGMA user_version = 1`,
    );
    const insert = before.prepare("INSERT INTO stream (name, version, summary) VALUES (?, 0, ?)");
    for (let index = 0; index < 600; index += 1) insert.run(`s${String(index).padStart(3, "0")}`, JSON.stringify(summaryOf(index)));
    before.close();
    await expectFound(open());
  });
});
