import { expect, test } from "vitest";
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

test("what cannot run in a transaction says so with the remedy, by verifying and by applying", async () => {
  const { write, query, apply, migrator, call } = await createScene();
  await write({ "1.sql": "create table a (n int);\ncreate index concurrently a_n on a (n);" });
  const remedy = expect.stringContaining("`-- fairlead: no-transaction`") as string;
  expect(await migrator.verify(call())).toMatchObject([{ severity: "error", migration: "1", hint: remedy }]);
  const error = await errorOf(apply());
  expect(error).toMatchObject({ code: "POSTGRES_MIGRATION_NEEDS_NO_TRANSACTION", hint: remedy });
  expect(error.message).toMatch(/1\.sql, statement 2: CREATE INDEX CONCURRENTLY/);
  expect(await query("select to_regclass('a') as a")).toEqual([{ a: null }]);
});

test("more than one statement without a transaction is refused before any of them runs", async () => {
  const { write, query, apply, migrator, call } = await createScene();
  await write({ "1.sql": "-- fairlead: no-transaction\ncreate table a (n int);\ncreate index concurrently a_n on a (n);" });
  const remedy = expect.stringContaining("a file of its own") as string;
  expect(await migrator.verify(call())).toMatchObject([{ severity: "error", migration: "1", hint: remedy }]);
  expect(await errorOf(apply())).toMatchObject({ code: "POSTGRES_MIGRATION_NOT_ONE_STATEMENT", hint: remedy });
  expect(await query("select to_regclass('a') as a, (select state from fairlead.migrations)")).toEqual([{ a: null, state: "failed" }]);
});

test("one that fails in the middle without a transaction says what it left, and runs again when a person has looked", async () => {
  const { write, query, apply, migrator, call } = await createScene();
  await query("create table a (n int); insert into a values (1), (1)");
  await write({ "1.sql": "-- fairlead: no-transaction\ncreate unique index concurrently a_n on a (n)" });

  expect(await errorOf(apply())).toMatchObject({
    code: "POSTGRES_MIGRATION_FAILED",
    data: { sqlState: "23505", undone: false },
    hint: expect.stringContaining("some of it may be in effect") as string,
  });
  const { findings } = await migrator.plan(call());
  expect(findings[0]?.message).toMatch(
    /and failed, so that some of it may be in effect: .+1\.sql, statement 1: could not create unique index/,
  );
  expect(await errorOf(apply())).toMatchObject({ code: "POSTGRES_MIGRATIONS_INVALID" });

  await query("drop index a_n; delete from a");
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
