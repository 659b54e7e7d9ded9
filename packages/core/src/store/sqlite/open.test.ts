import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Store, StoreCommit } from "../../contract/store.js";
import { sqliteStore, type SqliteStoreOptions } from "../sqlite-store.js";

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
    const store = open();
    await store.commit({ streams: [] });
    await store.close();
    chmodSync(path, 0o640);
    await open().commit(commitTo("a"));
    expect(modeOf(path)).toBe("640");
  });

  it("says what it is", () => {
    expect(open({ path })).toMatchObject({ description: `SQLite file ${path}`, shared: false });
    expect(open()).not.toHaveProperty("singleMachine");
    expect(open({ singleMachine: true }).singleMachine).toBe(true);
  });

  it("means a relative path from where the process was when it was made", async () => {
    const home = process.cwd();
    process.chdir(folder);
    const store = open({ path: "relative/journal.db" });
    process.chdir(home);
    expect(store.description).toBe(`SQLite file ${join(realpathSync(folder), "relative/journal.db")}`);
    await store.commit({ streams: [] });
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
      await expect(open().commit(commitTo("a"))).rejects.toMatchObject({ code: "STORE_NOT_WRITABLE", retryable: false });
      // Asked of the system, which answers for the user who began the process.
      if (process.getuid?.() !== 0) await expect(open().requireWritable?.()).rejects.toMatchObject({ code: "STORE_NOT_WRITABLE" });
    });
  });

  it("a file that may not be written", async () => {
    const store = open();
    await store.commit({ streams: [] });
    await store.close();
    await asAnybody(async () => {
      chmodSync(path, 0o444);
      chmodSync(folder, 0o755);
      becomeAnybody();
      await expect(open().commit(commitTo("a"))).rejects.toMatchObject({ code: "STORE_NOT_WRITABLE" });
    });
  });
});

describe("reading", () => {
  it("makes nothing, and finds what another process makes meanwhile", async () => {
    path = join(folder, "deep", "journal.db");
    const store = open();
    expect(await store.read("a")).toEqual([]);
    expect((await store.list({ prefix: "" })).items).toEqual([]);
    expect(await store.claimOf("shop/production")).toBeUndefined();
    expect(await store.leases.read("one")).toBeUndefined();
    expect(await store.outbox.list({ application: "shop" })).toEqual([]);
    await store.requireWritable?.();
    expect(existsSync(join(folder, "deep"))).toBe(false);
    const watching = new AbortController();
    const change = store.watch({ prefix: "a", signal: watching.signal })[Symbol.asyncIterator]().next();
    await open().commit(commitTo("a"));
    expect((await change).value).toMatchObject({ stream: "a", version: 1 });
    watching.abort();
    expect(await store.read("a")).toHaveLength(1);
    await store.commit(commitTo("a", 1));
    expect(await store.read("a")).toHaveLength(2);
  });

  it("takes an empty file for a journal that was lost, whoever asks, and leaves it as it is", async () => {
    writeFileSync(path, "");
    const lost = { code: "STORE_DAMAGED", message: expect.stringContaining("it is empty, and a journal never is") as string };
    await expect(open().read("a")).rejects.toMatchObject(lost);
    await expect(open().commit(commitTo("a"))).rejects.toMatchObject(lost);
    await asAnybody(async () => {
      chmodSync(path, 0o444);
      chmodSync(folder, 0o555);
      becomeAnybody();
      await expect(open().read("a")).rejects.toMatchObject(lost);
    });
    expect(statSync(path).size).toBe(0);
  });

  it("goes on once an empty file has been removed", async () => {
    writeFileSync(path, "");
    const store = open();
    await expect(store.commit(commitTo("a"))).rejects.toMatchObject({ code: "STORE_DAMAGED" });
    rmSync(path);
    await store.commit(commitTo("a"));
    expect(readdirSync(folder).filter((name) => name.includes("-new-"))).toEqual([]);
  });

  it("needs no permission to write, nor does what is written later stay unseen", async () => {
    const writer = open();
    await writer.commit(commitTo("a"));
    await writer.close();
    chmodSync(path, 0o644);
    await asAnybody(async () => {
      const user = process.geteuid?.() ?? 0;
      chmodSync(folder, 0o555);
      becomeAnybody();
      const reader = open();
      expect(await reader.read("a")).toHaveLength(1);
      await expect(reader.commit(commitTo("a", 1))).rejects.toMatchObject({ code: "STORE_NOT_WRITABLE" });
      if (user !== 0) return;
      process.seteuid?.(user);
      chmodSync(folder, 0o755);
      const again = open();
      await again.commit(commitTo("a", 1));
      await again.close();
      becomeAnybody();
      expect(await reader.read("a")).toHaveLength(2);
    });
  });

  it("says what cannot be read: the newest commits are where this process may not look", async () => {
    const writer = open();
    await writer.commit(commitTo("a"));
    chmodSync(path, 0o644);
    await asAnybody(async () => {
      chmodSync(folder, 0o555);
      if (process.geteuid?.() !== 0) chmodSync(`${path}-wal`, 0o000);
      becomeAnybody();
      await expect(open().read("a")).rejects.toMatchObject({ code: "STORE_NOT_READABLE", retryable: false });
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
