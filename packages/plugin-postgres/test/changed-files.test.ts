import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { errorOf } from "./support/error-of.js";
import { useServer } from "./support/scene.js";

const { createScene } = useServer();

test("a file that was edited after it was applied stops plan, verify and apply, by its name", async () => {
  const { write, apply, migrator, query, call } = await createScene();
  await write({ "0001_orders.sql": "create table orders ()" });
  await apply();
  const { all } = await migrator.plan(call());
  await write({ "0001_orders.sql": "create table orders (id int)", "0002_more.sql": "create table more ()" });

  const { findings, pending } = await migrator.plan(call());
  expect(findings).toMatchObject([{ severity: "error", migration: "0001_orders" }]);
  expect(findings[0]?.message).toMatch(/0001_orders\.sql was edited after it had been applied/);
  expect(await migrator.verify(call())).toEqual(findings);
  const error = await errorOf(migrator.apply({ phase: "expand", migrations: pending, release: "rel_2" }, call()));
  expect(error).toMatchObject({ code: "POSTGRES_MIGRATIONS_INVALID", data: { problems: [{ migration: "0001_orders" }] } });
  expect(await query("select to_regclass('more') as more")).toEqual([{ more: null }]);

  await write({ "0001_orders.sql": "create table orders ()" });
  expect((await migrator.plan(call())).findings).toEqual([]);
  expect((await migrator.plan(call())).all.slice(0, 1)).toEqual(all);
});

test("a file that vanished after it was applied is ahead, and an older release that knows nothing of it goes on", async () => {
  const { write, apply, migrator, folder, call } = await createScene();
  await write({ "1.sql": "create table a ()", "2.sql": "create table b ()" });
  await apply();
  await rm(join(folder, "2.sql"));

  const plan = await migrator.plan(call());
  expect(plan).toMatchObject({ pending: [], ahead: ["2"], findings: [] });
  expect(await migrator.verify(call())).toEqual([]);
  expect(await apply()).toEqual([]);
});

test("a file that was planned and vanished is named, and nothing runs", async () => {
  const { write, migrator, folder, query, call } = await createScene();
  await write({ "1.sql": "create table a ()", "2.sql": "create table b ()" });
  const { pending } = await migrator.plan(call());
  await rm(join(folder, "2.sql"));

  const error = await errorOf(migrator.apply({ phase: "expand", migrations: pending, release: "rel_1" }, call()));
  expect(error).toMatchObject({ code: "POSTGRES_MIGRATION_MISSING", data: { migration: "2" } });
  expect(await query("select to_regclass('a') as a")).toEqual([{ a: null }]);
});

test("a file that was edited after the plan does not run", async () => {
  const { write, migrator, query, call } = await createScene();
  await write({ "1.sql": "create table a ()", "2.sql": "create table b ()" });
  const { pending } = await migrator.plan(call());
  await write({ "2.sql": "create table other ()" });

  const error = await errorOf(migrator.apply({ phase: "expand", migrations: pending, release: "rel_1" }, call()));
  expect(error).toMatchObject({ code: "POSTGRES_MIGRATION_CHANGED", data: { migration: "2" } });
  expect(error.message).toMatch(/2\.sql/);
  expect(await query("select to_regclass('a') as a, to_regclass('other') as other")).toEqual([{ a: null, other: null }]);
});

test("byte order mark, line ends and blanks at the end are no edits; other characters arrive as they are", async () => {
  const { write, apply, migrator, query, call } = await createScene();
  await write({ "1.sql": "create table a (\n  n text\n);\ninsert into a values ('größer 😀\nzwei');\n" });
  await apply();
  expect(await query("select n from a")).toEqual([{ n: "größer 😀\nzwei" }]);

  await write({ "1.sql": "\uFEFFcreate table a (\r\n  n text\r\n);\r\ninsert into a values ('größer 😀\r\nzwei');  \r\n\r\n" });
  expect(await migrator.plan(call())).toMatchObject({ pending: [], findings: [] });
  await write({ "2.sql": "\uFEFF-- fairlead: backfill\r\ninsert into a values ('drei');\r\n" });
  expect(await apply("backfill")).toEqual(["2"]);
  expect(await query("select n from a where n = 'drei'")).toHaveLength(1);
});

test("a place behind a byte order mark and other line ends is the one that an editor shows", async () => {
  const { write, apply } = await createScene();
  await write({ "1.sql": "\uFEFFselect '😀';\r\nselect 'ä', nothing;\r\n" });
  expect((await errorOf(apply())).message).toMatch(/1\.sql:2:13: /);
});

test.for([
  ["Latin 1", Buffer.from("select 'größer'", "latin1"), "not written in UTF-8"],
  ["UTF-16", Buffer.from("\uFEFFselect 1", "utf16le"), "not written in UTF-8"],
  ["a NUL character", Buffer.from("select 1;\n\0drop table a"), "NUL"],
] as const)("a file in %s is refused before anything runs", async ([, content, message]) => {
  const { write, migrator, call } = await createScene();
  await write({ "1.sql": content });
  const { findings, pending } = await migrator.plan(call());
  expect(findings).toMatchObject([{ severity: "error", migration: "1", message: expect.stringContaining(message) as string }]);
  expect(await errorOf(migrator.apply({ phase: "expand", migrations: pending, release: "rel_1" }, call()))).toMatchObject({
    code: "POSTGRES_MIGRATIONS_INVALID",
  });
});

test("the ledger is in the schema that is named, and migrations in it are another's affair", async () => {
  const first = await createScene({ schema: "deployments" });
  await first.write({ "1.sql": "create table a ()" });
  expect(await first.apply()).toEqual(["1"]);
  expect(await first.query("select id from deployments.migrations")).toEqual([{ id: "1" }]);
  expect(await first.query("select to_regnamespace('fairlead') as fairlead")).toEqual([{ fairlead: null }]);

  const second = await createScene({ url: first.url, schema: "others" });
  await second.write({ "1.sql": "create table b ()" });
  expect(await second.apply()).toEqual(["1"]);
});

test("two applications share a ledger; the migrations of one under another name are not run again", async () => {
  const shop = await createScene();
  await shop.write({ "1.sql": "create table a ()" });
  await shop.apply();

  const mail = await createScene({ url: shop.url, application: "mail" });
  await mail.write({ "m1.sql": "create table m ()" });
  expect(await mail.apply()).toEqual(["m1"]);

  const { migrator } = await shop.again({ application: "store" });
  const { findings } = await migrator.plan(shop.call());
  expect(findings).toMatchObject([{ severity: "error", migration: "1" }]);
  expect(findings[0]?.message).toContain('"shop"');
  const [remedy] = /update .+? where application = 'shop'/.exec(findings[0]?.hint ?? "") ?? [];
  await shop.query(remedy ?? "");
  expect(await migrator.plan(shop.call())).toMatchObject({ pending: [], findings: [] });
});

test.for([
  ["a table of somebody else's", "create schema fairlead; create table fairlead.migrations (id int)"],
  ["a ledger of a later version", "update fairlead.migrations_version set version = 99"],
  ["a ledger whose table is gone", "drop table fairlead.migrations"],
] as const)("%s is left alone", async ([, sql]) => {
  const { write, apply, query, migrator, call } = await createScene();
  await write({ "1.sql": "create table a ()" });
  if (!sql.startsWith("create")) await apply();
  await query(sql);
  await write({ "2.sql": "create table b ()" });
  const error = await errorOf(migrator.plan(call()));
  expect(error.code).toBe("POSTGRES_LEDGER_UNKNOWN");
  expect(error.hint).toContain("left as it is");
  expect(await errorOf(migrator.verify(call()))).toMatchObject({ code: "POSTGRES_LEDGER_UNKNOWN" });
  expect(await query("select to_regclass('b') as b")).toEqual([{ b: null }]);
});

test.for(["alter table a add m int default leak()", "create table c as table leaking", "truncate a"])(
  "what functions set is not there for the next file: %s",
  async (sql) => {
    const { write, query, apply } = await createScene();
    await query(`create schema shelf; create table a (n int); insert into a values (1);
    create function leak(n int default 1) returns int immutable language plpgsql as $$ begin perform set_config('search_path', 'shelf', false); return n; end $$;
    create function leaks() returns trigger language plpgsql as $$ begin perform public.leak(); return null; end $$;
    create trigger leaks after truncate on a execute function leaks();
    create view leaking as select public.leak(n) as n from public.a`);
    await write({ "1.sql": sql, "2.sql": "create table b ()" });
    expect(await apply()).toEqual(["1", "2"]);
    expect(await query("select to_regclass('public.b') is not null as here")).toEqual([{ here: true }]);
  },
);

test("what is repeatable and fails when it has changed keeps nothing of itself, says so, and runs again when it is mended", async () => {
  const { write, query, apply } = await createScene();
  await write({ "V1__a.sql": "create table a (n int)", "R__v.sql": "create or replace view v as select n from a" });
  await apply();
  await write({ "R__v.sql": "create table half (); create or replace view v as select missing from a" });
  const error = await errorOf(apply());
  expect(error).toMatchObject({ code: "POSTGRES_MIGRATION_FAILED", data: { undone: true, kept: 0 } });
  expect(error.hint).toContain("Nothing of it was kept");
  expect(await query("select to_regclass('half') as half, array_agg(distinct state) as states from fairlead.migrations")).toEqual([
    { half: null, states: ["applied"] },
  ]);
  await write({ "R__v.sql": "create or replace view v as select n, 1 as one from a" });
  expect(await apply()).toHaveLength(1);
});
