import { expect, test } from "vitest";
import { errorOf } from "./support/error-of.js";
import { startRunner } from "./support/runner-process.js";
import { useServer, type Scene } from "./support/scene.js";

const { createScene } = useServer();

const ours = "datname = current_database() and application_name like 'fairlead %'";

/** The plugin's connections to the scene's database; what they run. */
function connections({ query }: Scene): Promise<readonly { readonly query: string }[]> {
  return query<{ query: string }>(`select query from pg_stat_activity where ${ours}`);
}

/** Until a statement like this runs. */
async function whileRunning(scene: Scene, text: string): Promise<void> {
  await expect
    .poll(
      async () => (await scene.query(`select from pg_stat_activity where ${ours} and state = 'active' and query like '%${text}%'`)).length,
      {
        timeout: 90_000,
      },
    )
    .toBe(1);
}

async function noneLeft(scene: Scene): Promise<void> {
  await expect.poll(() => connections(scene), { timeout: 90_000 }).toEqual([]);
}

test("of two processes at once each migration is applied by one, and both succeed", async () => {
  const scene = await createScene();
  await scene.write({
    "1.sql": "create table steps (name text); insert into steps values ('1')",
    "2.sql": "insert into steps values ('2'); select pg_sleep(0.3)",
    "3.sql": "insert into steps values ('3')",
  });
  const { url, folder } = scene;
  const runners = ["dep_a", "dep_b"].map((deployment) => startRunner({ url, folder, deployment }));
  const reports = await Promise.all(runners.map(({ ended }) => ended));
  expect(reports.map((report) => report?.error)).toEqual([undefined, undefined]);
  expect(reports.flatMap((report) => report?.applied ?? []).sort()).toEqual(["1", "2", "3"]);
  expect(await scene.query("select name from steps")).toEqual([{ name: "1" }, { name: "2" }, { name: "3" }]);
  await noneLeft(scene);
});

test("whoever waits says for whom, and goes on when it is done", async () => {
  const scene = await createScene();
  const { write, apply, again, connect, query } = scene;
  await write({ "1.sql": "create table steps (name text); select pg_advisory_xact_lock(7)", "2.sql": "insert into steps values ('2')" });
  const gate = await connect();
  await gate.query("select pg_advisory_lock(7)");
  // The lock of the test's own would be given up after 100 ms.
  const { migrator } = await again({ lockTimeout: "1m" });
  const first = apply("expand", migrator, scene.call());
  await whileRunning(scene, "pg_advisory_xact_lock(7)");

  const second = apply();
  await expect
    .poll(() => scene.log.map(({ message }) => message))
    .toContainEqual(expect.stringContaining("waiting for other migrations to end"));
  expect(scene.log.at(-1)?.message).toMatch(
    /waiting for other migrations to end: "fairlead dep_1 \d+@.+" \(backend \d+\) has held the lock for \d/,
  );
  await gate.query("select pg_advisory_unlock(7)");
  expect(await Promise.all([first, second])).toEqual([["1", "2"], []]);
  expect(await query("select name from steps")).toEqual([{ name: "2" }]);
});

test("waiting for others ends when patience does, and says who has the lock and since when", async () => {
  const scene = await createScene();
  await scene.write({ "1.sql": "select pg_sleep(60)" });
  const stop = new AbortController();
  const first = scene.apply("expand", scene.migrator, scene.call(stop.signal));
  const ended = expect(first).rejects.toThrow("enough");
  await whileRunning(scene, "pg_sleep(60)");

  const { migrator } = await scene.again({ patience: "100ms" });
  const error = await errorOf(scene.apply("expand", migrator));
  expect(error).toMatchObject({ code: "POSTGRES_MIGRATIONS_BUSY", hint: expect.stringContaining("patience") as string });
  expect(error.message).toMatch(/"fairlead dep_1 \d+@.+" \(backend \d+\) has held the lock for \d/);
  stop.abort(new Error("enough"));
  await ended;
});

test("an abort cancels the statement at the server and leaves no connection, no lock and no entry", async () => {
  const scene = await createScene();
  await scene.write({ "1.sql": "create table a ()", "2.sql": "create table b (); select pg_sleep(60)" });
  const stop = new AbortController();
  const first = scene.apply("expand", scene.migrator, scene.call(stop.signal));
  const ended = expect(first).rejects.toThrow("enough");
  await whileRunning(scene, "pg_sleep(60)");
  stop.abort(new Error("enough"));
  await ended;
  await noneLeft(scene);
  expect(await scene.query("select id, state from fairlead.migrations")).toEqual([{ id: "1", state: "applied" }]);

  await scene.write({ "2.sql": "create table b ()" });
  expect(await scene.apply()).toEqual(["2"]);
});

test("a process that is killed leaves a free lock, nothing of what it had begun, and the next one goes on", async () => {
  const scene = await createScene();
  await scene.write({
    "1.sql": "create table steps (name text); insert into steps values ('1')",
    "2.sql": "insert into steps values ('2'); select pg_sleep(60)",
  });
  const runner = startRunner({ url: scene.url, folder: scene.folder, deployment: "dep_killed" });
  await whileRunning(scene, "pg_sleep(60)");
  await runner.kill();
  expect(await runner.ended).toBeUndefined();

  await scene.write({ "2.sql": "insert into steps values ('2')" });
  expect(await scene.apply()).toEqual(["2"]);
  expect(await scene.query("select name from steps")).toEqual([{ name: "1" }, { name: "2" }]);
  expect(await scene.query("select id, state, deployment from fairlead.migrations order by id")).toEqual([
    { id: "1", state: "applied", deployment: "dep_killed" },
    { id: "2", state: "applied", deployment: "dep_1" },
  ]);
  await noneLeft(scene);
});

test.for([
  ["the statement", "query like '%pg_sleep(60)%'"],
  ["the lock", "pid in (select pid from pg_locks where locktype = 'advisory' and granted)"],
] as const)("when the connection of %s is lost, it can be tried again: nothing runs on, and nothing is kept", async ([, which]) => {
  const scene = await createScene();
  await scene.write({ "1.sql": "create table a (); select pg_sleep(60)" });
  const ended = errorOf(scene.apply());
  await whileRunning(scene, "pg_sleep(60)");
  await scene.query(`select pg_terminate_backend(pid) from pg_stat_activity where ${ours} and ${which}`);
  expect(await ended).toMatchObject({ code: "POSTGRES_CONNECTION_LOST", retryable: true });
  await noneLeft(scene);

  await scene.write({ "1.sql": "create table a ()" });
  expect(await scene.apply()).toEqual(["1"]);
});

test("what a process was killed in, outside of a transaction, is brought to its end by the next one", async () => {
  const scene = await createScene();
  await scene.query("create table a (n int)");
  await scene.write({ "2.sql": "insert into a values (2);\ncreate index concurrently a_n on a (n);\ninsert into a values (3)" });
  // A transaction that has written keeps the index from being finished.
  const blocker = await scene.connect();
  await blocker.query("begin; insert into a values (1)");
  const runner = startRunner({ url: scene.url, folder: scene.folder, deployment: "dep_killed" });
  await whileRunning(scene, "create index concurrently");
  await runner.kill();

  expect((await scene.migrator.plan(scene.call())).findings).toEqual([]);
  const applying = scene.apply();
  await blocker.query("rollback");
  expect(await applying).toEqual(["2"]);
  expect(await scene.query("select n from a order by n")).toEqual([{ n: 2 }, { n: 3 }]);
  expect(
    await scene.query("select indexrelid::regclass::text as name, indisvalid as valid from pg_index where indrelid = 'a'::regclass"),
  ).toEqual([{ name: "a_n", valid: true }]);
  await noneLeft(scene);
});
