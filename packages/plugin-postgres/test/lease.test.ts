import { pgbouncer, requireService } from "@fairlead/test-support";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { errorOf } from "./support/error-of.js";
import { startPooler, type Pooler } from "./support/pooler.js";
import { startRunner } from "./support/runner-process.js";
import { useServer, type Scene } from "./support/scene.js";

const { createScene } = useServer();

beforeEach((context) => {
  requireService(context, pgbouncer);
});

async function withPooler(work: (direct: Scene, pooler: Pooler) => Promise<void>): Promise<void> {
  const direct = await createScene();
  const pooler = await startPooler(direct.url);
  try {
    await work(direct, pooler);
  } finally {
    await pooler.stop();
  }
}

/** Until a statement like this runs. */
async function whileRunning({ query }: Scene, text: string): Promise<void> {
  const running = `select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and state = 'active' and query like '%${text}%'`;
  await expect.poll(async () => (await query(running)).length, { timeout: 90_000 }).toBe(1);
}

const marking = {
  "1.sql": "create table marks (name text); insert into marks values ('1')",
  "2.sql": "insert into marks values ('2'); select pg_sleep(60)",
};

test("the lease of a process that was killed behind a pooler is free when it is over, and the next one goes on", async () => {
  await withPooler(async (direct, pooler) => {
    await direct.write(marking);
    const runner = startRunner({ url: pooler.url, folder: direct.folder, deployment: "dep_killed", lease: "2s" });
    await whileRunning(direct, "pg_sleep(60)");
    expect(await direct.query("select holder from fairlead.migrations_lease where expires_at > clock_timestamp()")).toEqual([
      { holder: expect.stringMatching(/^fairlead dep_killed \d+@/) as string },
    ]);
    await runner.kill();
    await direct.write({ "2.sql": "insert into marks values ('2')" });
    const { migrator } = await direct.again({ url: pooler.url });
    expect(await direct.apply("expand", migrator)).toEqual(["2"]);
    expect(await direct.query("select name from marks")).toEqual([{ name: "1" }, { name: "2" }]);
  });
});

test("who comes without a pooler waits for a lease, says who has it, and ends it when it is over", async () => {
  await withPooler(async (direct, pooler) => {
    await direct.write(marking);
    const runner = startRunner({ url: pooler.url, folder: direct.folder, deployment: "dep_killed", lease: "2s" });
    await whileRunning(direct, "pg_sleep(60)");
    await direct.write({ "2.sql": "insert into marks values ('2')" });
    const applying = direct.apply();
    await expect
      .poll(() => direct.log.map(({ message }) => message), { timeout: 90_000 })
      .toContainEqual(
        expect.stringMatching(/^waiting for other migrations to end: "fairlead dep_killed .+" has held the lock for .+, through a pooler$/),
      );
    await runner.kill();
    expect(await applying).toEqual(["2"]);
    expect(await direct.query("select holder from fairlead.migrations_lease")).toEqual([{ holder: null }]);
  });
});

test("who comes through a pooler waits for the lock of a direct connection", async () => {
  await withPooler(async (direct, pooler) => {
    await direct.write({ "1.sql": "select pg_sleep(60)" });
    const runner = startRunner({ url: direct.url, folder: direct.folder, deployment: "dep_direct" });
    await whileRunning(direct, "pg_sleep(60)");
    const { migrator } = await direct.again({ url: pooler.url, patience: "100ms" });
    const error = await errorOf(direct.apply("expand", migrator));
    expect(error.code).toBe("POSTGRES_MIGRATIONS_BUSY");
    expect(error.message).toMatch(/"fairlead dep_direct \d+@.+" \(backend \d+\) has held the lock for \d/);
    await runner.kill();
  });
});

test("a process that comes back when another has taken over writes nothing more", async () => {
  await withPooler(async (direct, pooler) => {
    await direct.query("create table a (n int)");
    await direct.write({ "1.sql": "create index concurrently a_n on a (n);\ninsert into a values (1)" });
    // A transaction that has written keeps the index from being finished.
    const blocker = await direct.connect();
    await blocker.query("begin; insert into a values (0)");
    const { migrator } = await direct.again({ url: pooler.url });
    const applying = errorOf(direct.apply("expand", migrator));
    await whileRunning(direct, "create index concurrently");
    await direct.query("update fairlead.migrations_lease set number = number + 1, holder = 'another'");
    await blocker.query("rollback");
    expect(await applying).toMatchObject({ code: "POSTGRES_LEASE_LOST", retryable: true });
    expect(await direct.query("select n from a")).toEqual([]);
    expect(await direct.query("select state, progress->'done' as done from fairlead.migrations")).toEqual([{ state: "running", done: 0 }]);
    await direct.query("update fairlead.migrations_lease set expires_at = '-infinity'");
    expect(await direct.apply("expand", migrator)).toEqual(["1"]);
    expect(await direct.query("select indisvalid as valid, n from pg_index, a where indrelid = 'a'::regclass")).toEqual([
      { valid: true, n: 1 },
    ]);
  });
});

test("code that ends when another has taken over does not say that it was applied", async () => {
  await withPooler(async (direct, pooler) => {
    const ended = join(direct.folder, ".ended");
    await direct.write({
      "1.mjs": `// fairlead: code-only, no-transaction
        import { existsSync } from "node:fs";
        export const up = async () => {
          while (!existsSync(${JSON.stringify(ended)})) await new Promise((resolve) => setTimeout(resolve, 10));
        };`,
    });
    const { migrator } = await direct.again({ url: pooler.url });
    const applying = errorOf(direct.apply("expand", migrator));
    const states = "select state from fairlead.migrations";
    await expect.poll(() => direct.query(states).catch(() => []), { timeout: 60_000 }).toEqual([{ state: "running" }]);
    await direct.query("update fairlead.migrations_lease set number = number + 1, holder = 'another'");
    await writeFile(ended, "");
    expect(await applying).toMatchObject({ code: "POSTGRES_LEASE_LOST", retryable: true });
    expect(await direct.query(states)).toEqual([{ state: "running" }]);
  });
});

test("who has the lease and gets no second connection gives it back", async () => {
  const direct = await createScene();
  await direct.write({ "1.sql": "create table a ()" });
  const { pending } = await direct.migrator.plan(direct.call());
  const pooler = await startPooler(direct.url, { clients: 1 });
  try {
    const { migrator } = await direct.again({ url: pooler.url });
    const error = await errorOf(migrator.apply({ phase: "expand", migrations: pending, release: "rel_1" }, direct.call()));
    expect(error.code).toBe("POSTGRES_UNREACHABLE");
    expect(await direct.query("select number > 0 as taken, holder from fairlead.migrations_lease")).toEqual([
      { taken: true, holder: null },
    ]);
  } finally {
    await pooler.stop();
  }
});

test("nobody takes over while a transaction is open that has asked for the lease", async () => {
  await withPooler(async (direct, pooler) => {
    await direct.write({ "1.sql": "select pg_sleep(60)" });
    const { migrator } = await direct.again({ url: pooler.url });
    const stop = new AbortController();
    const ended = expect(direct.apply("expand", migrator, direct.call(stop.signal))).rejects.toThrow("enough");
    await whileRunning(direct, "pg_sleep(60)");
    await direct.query("update fairlead.migrations_lease set expires_at = '-infinity'");
    for (const url of [pooler.url, direct.url]) {
      const { migrator: other } = await direct.again({ url, patience: "100ms" });
      expect((await errorOf(direct.apply("expand", other))).code).toBe("POSTGRES_MIGRATIONS_BUSY");
    }
    stop.abort(new Error("enough"));
    await ended;
  });
});

test("an abort through a pooler cancels the statement at the server and gives the lease back", async () => {
  await withPooler(async (direct, pooler) => {
    await direct.write({ "1.sql": "create table a (); select pg_sleep(60)" });
    const { migrator } = await direct.again({ url: pooler.url });
    const stop = new AbortController();
    const ended = expect(direct.apply("expand", migrator, direct.call(stop.signal))).rejects.toThrow("enough");
    await whileRunning(direct, "pg_sleep(60)");
    stop.abort(new Error("enough"));
    await ended;
    await expect.poll(() => direct.query("select holder from fairlead.migrations_lease"), { timeout: 90_000 }).toEqual([{ holder: null }]);
    expect(await direct.query("select to_regclass('a') as a")).toEqual([{ a: null }]);
    await direct.write({ "1.sql": "create table a ()" });
    expect(await direct.apply("expand", migrator)).toEqual(["1"]);
  });
});
