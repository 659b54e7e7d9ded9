import { systemClock } from "@fairlead/core";
import { expect, test } from "vitest";
import { startRunner } from "./support/runner-process.js";
import { useServer, type Scene } from "./support/scene.js";

const { createScene } = useServer();

const scratches = "select datname from pg_database where datname like 'fairlead_scratch_%'";

async function whileRehearsing({ query }: Scene): Promise<void> {
  const running =
    "select from pg_stat_activity where datname like 'fairlead_scratch_%' and state = 'active' and query like '%pg_sleep(60)%'";
  await expect.poll(async () => (await query(running)).length, { timeout: 90_000 }).toBe(1);
}

test("what is pending is tried on a scratch database behind what was applied; none is left, and nothing of it is in the real one", async () => {
  const { write, apply, migrator, query, call } = await createScene();
  await write({ "1.sql": "create table a (n int not null)" });
  await apply();
  await write({ "2.sql": "insert into a values (1)", "3.sql": "-- fairlead: contract\ndrop table a", "4.sql": "alter table a add m int" });
  expect(await migrator.verify(call())).toEqual([]);
  expect(await query("select count(*)::int as rows from a")).toEqual([{ rows: 0 }]);
  expect(await query(scratches)).toEqual([]);

  await write({ "5.sql": "select 1;\nselect missing from a" });
  expect(await migrator.verify(call())).toMatchObject([{ severity: "error", migration: "5", hint: "Mend it; nothing has been applied." }]);
  expect((await migrator.verify(call()))[0]?.message).toMatch(
    /^fails on a scratch database: .+5\.sql:2:8: column "missing" does not exist/,
  );
  expect(await query(scratches)).toEqual([]);
});

test("what depends on data, on what no migration made, or reaches beyond the database is not proved, and no error", async () => {
  const scene = await createScene();
  const verify = async (text: string) => {
    await scene.write({ "1.sql": text });
    return scene.migrator.verify(scene.call());
  };
  const unproved = (because: string) => [{ severity: "warning", message: expect.stringContaining(because) as string }];
  expect(await verify("select 1 / (select count(*) from pg_class where relname = 'nothing')")).toMatchObject(
    unproved("depends on the data"),
  );
  await scene.query("create table theirs (n int)");
  expect(await verify("alter table theirs add m int")).toMatchObject(unproved("public.theirs"));
  expect(await verify("create role nobody_at_all")).toMatchObject(unproved('"create role"'));
  expect(await scene.query("select from pg_roles where rolname = 'nobody_at_all'")).toEqual([]);
  expect(await scene.query(scratches)).toEqual([]);
});

test("an abort ends the trial and drops its database", async () => {
  const scene = await createScene();
  await scene.write({ "1.sql": "select pg_sleep(60)" });
  const stop = new AbortController();
  const ended = expect(scene.migrator.verify(scene.call(stop.signal))).rejects.toThrow("enough");
  await whileRehearsing(scene);
  stop.abort(new Error("enough"));
  await ended;
  expect(await scene.query(scratches)).toEqual([]);
  await expect.poll(() => scene.query("select from pg_stat_activity where application_name like 'fairlead %'")).toEqual([]);
});

test("what a process that was killed left is dropped by a later one, and by none that comes at the same time", async () => {
  const scene = await createScene();
  await scene.write({ "1.sql": "select pg_sleep(60)" });
  const runner = startRunner({ url: scene.url, folder: scene.folder, deployment: "dep_killed", act: "verify" });
  await whileRehearsing(scene);
  await scene.write({ "1.sql": "create table a ()" });
  await scene.migrator.verify(scene.call());
  expect(await scene.query(scratches)).toHaveLength(1);
  await runner.kill();
  await expect
    .poll(() => scene.query("select from pg_stat_activity where datname like 'fairlead_scratch_%'"), { timeout: 90_000 })
    .toEqual([]);

  await scene.migrator.verify(scene.call());
  expect(await scene.query(scratches)).toHaveLength(1);
  const { migrator } = await scene.again({ clock: { ...systemClock, now: () => Date.now() + 120_000 } });
  expect(await migrator.verify(scene.call())).toEqual([]);
  expect(await scene.query(scratches)).toEqual([]);
});

test("what a database that has nothing could miss is nothing; where something is there, the code before may use it", async () => {
  const { write, migrator, call, query } = await createScene();
  await write({ "1.sql": "create table a (n int, m int)", "2.sql": "do $$ begin execute 'select 1'; end $$; alter table a drop column m" });
  expect(await migrator.plan(call())).toMatchObject({ compatibility: "code-only", findings: [] });
  await query("create table theirs (n int)");
  expect((await migrator.plan(call())).findings).toMatchObject([{ severity: "error", migration: "2" }]);
});
