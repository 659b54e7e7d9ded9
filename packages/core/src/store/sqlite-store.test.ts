import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Store, StoreCommit } from "../contract/store.js";
import { systemClock, type Clock } from "../time/clock.js";
import { sqliteStore, type SqliteStoreOptions } from "./sqlite-store.js";

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

function modeOf(file: string): string {
  return (statSync(file).mode & 0o777).toString(8);
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

describe("opening", () => {
  it("touches nothing before the first use, then makes the folder and the file for the owner alone", async () => {
    path = join(folder, "deep", "er", "journal.db");
    const umask = process.umask(0);
    try {
      const store = open();
      expect(existsSync(join(folder, "deep"))).toBe(false);
      await store.commit(commitTo("a"));
      expect([modeOf(join(folder, "deep")), modeOf(path), modeOf(`${path}-wal`), modeOf(`${path}-shm`)]).toEqual([
        "700",
        "600",
        "600",
        "600",
      ]);
    } finally {
      process.umask(umask);
    }
  });

  it("leaves the mode of a file that is there", async () => {
    writeFileSync(path, "");
    chmodSync(path, 0o640);
    await open().commit(commitTo("a"));
    expect(modeOf(path)).toBe("640");
  });

  it("says what it is", () => {
    expect(open({ path: "state/journal.db" })).toMatchObject({ description: "SQLite file state/journal.db", shared: false });
    expect(open()).not.toHaveProperty("singleMachine");
    expect(open({ singleMachine: true }).singleMachine).toBe(true);
  });

  it("means a relative path from where the process was when it was made", async () => {
    const home = process.cwd();
    process.chdir(folder);
    const store = open({ path: "relative/journal.db" });
    process.chdir(home);
    await store.now();
    expect(existsSync(join(folder, "relative/journal.db"))).toBe(true);
  });

  it("lets many open a new file at once", async () => {
    const opened = Array.from({ length: 12 }, () => open());
    await Promise.all(opened.map((store, index) => store.commit(commitTo(`stream-${String(index)}`))));
    expect((await open().list({ prefix: "stream-" })).items).toHaveLength(12);
  });

  it("can be used again once what kept it from opening is gone", async () => {
    mkdirSync(path);
    const store = open();
    await expect(store.now()).rejects.toMatchObject({ code: "STORE_PATH_INVALID" });
    rmSync(path, { recursive: true });
    await expect(store.commit(commitTo("a"))).resolves.toMatchObject({ versions: [1] });
  });
});

describe("durability", () => {
  it("syncs every commit to the disk before it resolves", async () => {
    const handles = new Set<DatabaseSync>();
    const { prepare } = DatabaseSync.prototype;
    const spy = vi.spyOn(DatabaseSync.prototype, "prepare").mockImplementation(function (this: DatabaseSync, sql) {
      handles.add(this);
      return prepare.call(this, sql);
    });
    await open().commit(commitTo("a"));
    spy.mockRestore();
    const [handle] = handles;
    expect(handles.size).toBe(1);
    // 2 is FULL: in WAL mode the log is synced by every commit.
    expect(handle?.prepare("PRAGMA synchronous").get()).toEqual({ synchronous: 2 });
    expect(handle?.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "wal" });
  });
});

describe("a file that cannot be used is refused with the reason", () => {
  it.each(["", ":memory:"])("a path that names no file: %j", (wrong) => {
    expect(() => sqliteStore({ path: wrong })).toThrow(expect.objectContaining({ code: "STORE_PATH_INVALID" }) as Error);
  });

  it("a folder", async () => {
    await expect(open({ path: folder }).now()).rejects.toMatchObject({ code: "STORE_PATH_INVALID", retryable: false });
  });

  it("a path through a file", async () => {
    writeFileSync(path, "");
    await expect(open({ path: join(path, "journal.db") }).now()).rejects.toMatchObject({ code: "STORE_PATH_INVALID" });
  });

  it("a file that is no database, which stays as it is", async () => {
    writeFileSync(path, "Dear diary, today I have read about databases. ".repeat(50));
    const before = readFileSync(path);
    await expect(open().now()).rejects.toMatchObject({ code: "STORE_FOREIGN", retryable: false });
    expect(readFileSync(path)).toEqual(before);
  });

  it.each([
    ["with tables", "CREATE TABLE customer (name TEXT)"],
    ["that another application has marked", "PRAGMA application_id = 252006673"],
    ["that counts versions of a schema", "PRAGMA user_version = 1"],
  ])("a database %s, which stays as it is", async (_, sql) => {
    const foreign = new DatabaseSync(path);
    foreign.exec(sql);
    foreign.close();
    const before = readFileSync(path);
    await expect(open().commit(commitTo("a"))).rejects.toMatchObject({ code: "STORE_FOREIGN" });
    expect(readFileSync(path)).toEqual(before);
    expect(existsSync(`${path}-wal`)).toBe(false);
  });

  it("a file of a newer version, which stays as it is", async () => {
    const store = open();
    await store.commit(commitTo("a"));
    await store.close();
    const newer = new DatabaseSync(path);
    newer.exec("PRAGMA user_version = 99");
    newer.close();
    await expect(open().commit(commitTo("a", 1))).rejects.toMatchObject({ code: "STORE_TOO_NEW", data: { found: 99 } });
    const found = new DatabaseSync(path);
    expect(found.prepare("SELECT count(*) AS events FROM event").get()).toEqual({ events: 1 });
    found.close();
  });

  it("a damaged file", async () => {
    const store = open();
    await store.commit({ streams: Array.from({ length: 200 }, (_, index) => commitTo(`stream-${String(index)}`).streams[0]!) });
    await store.close();
    const content = readFileSync(path);
    writeFileSync(path, content.fill(0x5a, 4_096));
    await expect(open().commit(commitTo("stream-7", 1))).rejects.toMatchObject({ code: "STORE_DAMAGED", retryable: false });
  });

  it("a folder that may not be written", async () => {
    await asAnybody(async () => {
      chmodSync(folder, 0o555);
      becomeAnybody();
      await expect(open().now()).rejects.toMatchObject({ code: "STORE_NOT_WRITABLE", retryable: false });
    });
  });

  it("a file that may not be written", async () => {
    const store = open();
    await store.now();
    await store.close();
    await asAnybody(async () => {
      chmodSync(path, 0o444);
      chmodSync(folder, 0o755);
      becomeAnybody();
      await expect(open().commit(commitTo("a"))).rejects.toMatchObject({ code: "STORE_NOT_WRITABLE" });
    });
  });
});

/** Root may write everywhere: what is refused to others shows only as one of them. */
function becomeAnybody(): void {
  if (process.geteuid?.() === 0) process.seteuid?.(65_534);
}

async function asAnybody(work: () => Promise<void>): Promise<void> {
  const user = process.geteuid?.() ?? 0;
  try {
    await work();
  } finally {
    process.seteuid?.(user);
    chmodSync(folder, 0o755);
  }
}

describe("another process that writes", () => {
  /** Keeps the file busy from another connection. */
  async function keepBusy(): Promise<DatabaseSync> {
    const first = open();
    await first.now();
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
    expect(performance.now() - startedAt).toBeLessThan(1_000);
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
    const afterwards = sleep.mock.calls.length;
    await systemClock.sleep(20);
    expect(sleep.mock.calls).toHaveLength(afterwards);
  });
});
