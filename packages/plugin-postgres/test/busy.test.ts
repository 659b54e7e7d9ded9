import { expect, test } from "vitest";
import { createMigrations } from "../src/index.js";
import { errorOf } from "./support/error-of.js";
import { useServer } from "./support/scene.js";

const { createScene } = useServer();

test("who is in the way of a busy table is said, readers do not queue, and the migration goes on when it is gone", async () => {
  const { write, query, connect, apply, log } = await createScene({ lockTimeout: "50ms" });
  await query("create table orders (id int)");
  await write({ "1.sql": "alter table orders add column note text" });
  const blocker = await connect();
  await blocker.query("set application_name = 'report'; begin; select * from orders");

  const applying = apply();
  await expect.poll(() => log.map(({ message }) => message)).toContainEqual(expect.stringContaining("it waits for"));
  expect(log.find(({ message }) => message.includes("it waits for"))).toMatchObject({
    level: "info",
    message: expect.stringMatching(/^1: .+; it waits for "report" \(backend \d+, in a transaction for \d.+\); trying again$/) as string,
    fields: { sqlState: "55P03" },
  });
  await query("select * from orders");

  await blocker.query("rollback");
  expect(await applying).toEqual(["1"]);
  expect(await query("select state from fairlead.migrations")).toEqual([{ state: "applied" }]);
});

test("when patience is over, the error names who was in the way, and nothing is kept", async () => {
  const { write, query, connect, apply } = await createScene({ lockTimeout: "20ms", patience: "400ms" });
  await query("create table orders (id int)");
  await write({ "1.sql": "create table a ();\nalter table orders add column note text", "2.sql": "create table b ()" });
  const blocker = await connect();
  await blocker.query("set application_name = 'report'; begin; select * from orders");

  const error = await errorOf(apply());
  expect(error).toMatchObject({ code: "POSTGRES_TABLES_BUSY", data: { migration: "1" } });
  expect(error.message).toMatch(/^1 did not get the locks .+ within 400 ms \(\d+ tries\): .+; it waits for "report" \(backend \d+/);
  expect(error.hint).toContain("patience");
  expect(await query("select to_regclass('a') as a, to_regclass('b') as b")).toEqual([{ a: null, b: null }]);
  expect(await query("select from fairlead.migrations")).toEqual([]);
});

test("who was in the way is named also where patience does not last for a second try", async () => {
  const { write, query, connect, apply } = await createScene({ lockTimeout: "500ms", patience: "1ms" });
  await query("create table orders (id int)");
  await write({ "1.sql": "alter table orders add column note text" });
  const blocker = await connect();
  await blocker.query("set application_name = 'report'; begin; select * from orders");
  expect((await errorOf(apply())).message).toMatch(/\(1 tries\): .+; it waits for "report" \(backend \d+/);
});

test("an abort ends the trying", async () => {
  const { write, query, connect, apply, migrator, call, log } = await createScene({ lockTimeout: "20ms" });
  await query("create table orders (id int)");
  await write({ "1.sql": "alter table orders add column note text" });
  const blocker = await connect();
  await blocker.query("begin; select * from orders");
  const stop = new AbortController();
  const ended = expect(apply("expand", migrator, call(stop.signal))).rejects.toThrow("enough");
  await expect.poll(() => log.length).toBeGreaterThan(0);
  stop.abort(new Error("enough"));
  await ended;
});

test("an index is made concurrently, in a file that says so, while another runner waits", async () => {
  const { write, query, apply, again } = await createScene();
  await query("create table a (n int); insert into a values (1)");
  await write({ "1.sql": "-- fairlead: no-transaction\ncreate index concurrently a_n on a (n);\n" });
  const { migrator } = await again();
  expect((await Promise.all([apply(), apply("expand", migrator)])).flat()).toEqual(["1"]);
  expect(await query("select indisvalid as valid from pg_index where indexrelid = 'a_n'::regclass")).toEqual([{ valid: true }]);
});

test("what cannot run in a transaction is found and runs outside of one, with what stands around it", async () => {
  const { write, query, apply, migrator, call } = await createScene();
  await write({
    "1.sql":
      "create table a (n int);\nset search_path = public;\ncreate index concurrently a_n on a (n);\nbegin; insert into a values (1); insert into a values (2); end;\nvacuum a",
  });
  expect(await migrator.verify(call())).toEqual([]);
  expect(await apply()).toEqual(["1"]);
  expect(
    await query("select count(*)::int as rows, (select indisvalid from pg_index where indexrelid = 'a_n'::regclass) as valid from a"),
  ).toEqual([{ rows: 2, valid: true }]);
  expect(await query("select state, progress->'done' as done from fairlead.migrations")).toEqual([{ state: "applied", done: 8 }]);
});

test("one that fails between its statements goes on there when it is mended, and nowhere else", async () => {
  const { write, query, apply } = await createScene();
  const first = "create table a (n int); insert into a values (1), (1);\n";
  await write({ "1.sql": `${first}create unique index concurrently a_n on a (n);\ninsert into a values (3)` });

  const error = await errorOf(apply());
  expect(error).toMatchObject({ code: "POSTGRES_MIGRATION_FAILED", data: { sqlState: "23505", undone: false, kept: 2 } });
  expect(error.message).toMatch(/1\.sql:2:1: could not create unique index .+, in: create unique index concurrently a_n on a \(n\)$/);
  expect(error.hint).toContain("are in effect (2)");
  expect(await query("select state from fairlead.migrations")).toEqual([{ state: "partial" }]);
  // What was not finished costs every write.
  expect(await query("select to_regclass('a_n') as index")).toEqual([{ index: null }]);

  await write({ "1.sql": "create table a (n text); create unique index concurrently a_n on a (n)" });
  expect(await errorOf(apply())).toMatchObject({
    code: "POSTGRES_MIGRATIONS_INVALID",
    message: expect.stringContaining("2 of its statements") as string,
  });

  await write({ "1.sql": `${first}delete from a; create unique index concurrently a_n on a (n);\ninsert into a values (3)` });
  expect(await apply()).toEqual(["1"]);
  expect(await query("select n from a")).toEqual([{ n: 3 }]);
});

test("an invalid index that somebody left is made anew, not taken for a good one", async () => {
  const { write, query, apply, connect, log } = await createScene();
  await query("create table a (n int); insert into a values (1), (1)");
  const other = await connect();
  await expect(other.query("create unique index concurrently a_n on a (n)")).rejects.toThrow();
  await query("delete from a");
  await write({ "1.sql": "create unique index concurrently if not exists a_n on a (n)" });
  expect(await apply()).toEqual(["1"]);
  expect(await query("select indisvalid as valid from pg_index where indexrelid = 'a_n'::regclass")).toEqual([{ valid: true }]);
  expect(log.map(({ message }) => message)).toContainEqual("the index public.a_n was not finished and has been dropped");
});

test("what only a person can say stops the next one: a procedure that ends transactions itself", async () => {
  const { write, query, apply, migrator, call } = await createScene();
  await query(
    "create table a (n int); create procedure p() language plpgsql as 'begin insert into a values (1); commit; perform 1/0; end'",
  );
  await write({ "1.sql": "-- fairlead: no-transaction\ncall p()" });

  expect(await errorOf(apply())).toMatchObject({
    data: { undone: false, kept: 0 },
    hint: expect.stringContaining("some of it may be in effect") as string,
  });
  const { findings } = await migrator.plan(call());
  expect(findings[0]?.message).toMatch(/and failed, so that some of it may be in effect: .+1\.sql:2:1: division by zero/);
  expect(await errorOf(apply())).toMatchObject({ code: "POSTGRES_MIGRATIONS_INVALID" });

  await query("create or replace procedure p() language sql as 'delete from a'");
  const [remedy] = /update .+? set state = 'failed' where [^;]+/.exec(findings[0]?.hint ?? "") ?? [];
  await query(remedy ?? "");
  expect(await apply()).toEqual(["1"]);
});

test("one that was refused without a transaction did nothing, and runs again when it is mended", async () => {
  const { write, query, apply } = await createScene();
  await write({ "1.sql": "-- fairlead: no-transaction\ncreate index concurrently a_n on a (n)" });
  expect(await errorOf(apply())).toMatchObject({ code: "POSTGRES_MIGRATION_FAILED", data: { sqlState: "42P01", undone: true } });
  await query("create table a (n int)");
  expect(await apply()).toEqual(["1"]);
});

test("what was cut off is looked for where the file's earlier settings lead", async () => {
  const { write, query, apply } = await createScene();
  await query("create schema shelf; create table shelf.a (n int); create index a_n on shelf.a (n)");
  const first = "select set_config('search_path', 'shelf', false);\nbegin; set work_mem = '5MB'; select 1; commit;\n";
  await write({ "1.sql": `${first}drop index concurrently nothing` });
  expect(await errorOf(apply())).toMatchObject({ code: "POSTGRES_MIGRATION_FAILED", data: { kept: 4 } });
  // As a process that was killed while it dropped the index leaves it.
  await query(
    `update fairlead.migrations set state = 'running', progress = jsonb_set(progress, '{attempt}', '{"statement": 6, "mark": "gone", "indexes": [], "unknown": false}')`,
  );
  await write({ "1.sql": `${first}drop index concurrently a_n` });
  expect(await apply()).toEqual(["1"]);
  expect(await query("select to_regclass('shelf.a_n') as index")).toEqual([{ index: null }]);
});

test("a role that a file puts on is worn by all that comes behind it, and never by the ledger", async () => {
  const { write, query, apply } = await createScene();
  await query("drop role if exists shelf_maker; create role shelf_maker; grant create on schema public to shelf_maker");
  await write({
    "1.sql":
      "set role shelf_maker;\ncreate table a (n int);\ncreate index concurrently a_n on a (n);\ncreate table b (who text default current_user);\nreset role;\ncreate table c ();",
  });
  expect(await apply()).toEqual(["1"]);
  const owners = await query(
    "select relname as name, relowner::regrole::text = 'shelf_maker' as made from pg_class where relname in ('a', 'a_n', 'b', 'c') order by 1",
  );
  expect(owners).toEqual([
    { name: "a", made: true },
    { name: "a_n", made: true },
    { name: "b", made: true },
    { name: "c", made: false },
  ]);
  await query("drop owned by shelf_maker; drop role shelf_maker");
});

test("a way back in steps puts roles on as the way there does, waits no longer than others for its locks, and is written down", async () => {
  const scene = await createScene({ lockTimeout: "70ms" });
  const { write, query } = scene;
  await query("drop role if exists shelf_owner; create role shelf_owner; grant create on schema public to shelf_owner");
  await query("create table seen (who text, waits text)");
  const see = "insert into seen select current_user = 'shelf_owner', current_setting('lock_timeout')";
  await write({
    "1.sql": `-- migrate:up
set role shelf_owner; create table a (n int); create index a_n on a (n);
-- migrate:down
${see}; set role shelf_owner; drop index concurrently a_n; drop table a; reset role;
${see}; create table shelf_owners ();
`,
  });
  const migrations = createMigrations({ url: scene.url, migrations: scene.folder, application: "shop", lockTimeout: "70ms" });
  await migrations.apply();
  expect((await migrations.down(["1"])).applied).toMatchObject([{ id: "1" }]);
  expect(await query("select to_regclass('a') as a, state, (select array_agg(waits) from seen) as waits from fairlead.migrations")).toEqual(
    [{ a: null, state: "reverted", waits: ["70ms", "70ms"] }],
  );
  await query("drop owned by shelf_owner; drop role shelf_owner");
});

test("a block in a file that goes on stays in a transaction", async () => {
  const { write, query, apply } = await createScene();
  const first = "create table a (n int); insert into a values (1), (1);\n";
  const last = "do $$ begin insert into a values (7); commit; end $$";
  await write({ "1.sql": `${first}create unique index concurrently a_n on a (n)` });
  expect(await errorOf(apply())).toMatchObject({ data: { kept: 2 } });
  await write({ "1.sql": `${first}vacuum a; ${last}` });
  expect(await errorOf(apply())).toMatchObject({ data: { sqlState: "2D000", kept: 3 } });
  expect(await query("select n from a where n = 7")).toEqual([]);
});
