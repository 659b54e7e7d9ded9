import { expect, test } from "vitest";
import { lintPending, toText } from "../src/inspect/index.js";
import { useServer } from "./support/scene.js";

const { createScene } = useServer();

/** Tells the planner how many rows a table has: what is asked is its estimate. */
const pretend = (rows: number): string => `update pg_class set reltuples = ${String(rows)} where relname = 'orders'`;

test("what would keep others waiting is said as the size of the table asks for; a reason in the file silences it", async () => {
  const { write, query, migrator, call } = await createScene();
  await query("create table orders (id bigint primary key, sku text)");
  await write({ "1.sql": "create index orders_sku on orders (sku)" });
  const findings = async () => (await migrator.plan(call())).findings;

  expect(await findings()).toEqual([]);
  await query(pretend(20_000));
  expect(await findings()).toMatchObject([
    {
      severity: "warning",
      migration: "1",
      message: expect.stringMatching(
        /1\.sql:1:1: builds an index on orders while nobody can write there \(require-concurrent-index-creation\)\.$/,
      ) as string,
      hint: expect.stringContaining("create index concurrently") as string,
    },
  ]);
  await query(pretend(20_000_000));
  expect(await findings()).toMatchObject([{ severity: "error" }]);
  expect(await migrator.verify(call())).toMatchObject([{ severity: "error" }]);

  await write({
    "1.sql": "-- fairlead-ignore require-concurrent-index-creation: nobody writes at night\ncreate index orders_sku on orders (sku)",
  });
  expect(await findings()).toEqual([]);
  await write({ "1.sql": "alter table orders add note text" });
  expect(await findings()).toEqual([]);
});

test("what pending files would do is known with the sizes of the tables, in the order in which they would run", async () => {
  const { write, query, apply, url, folder } = await createScene();
  await write({ "1.sql": "create table orders (id bigint primary key, sku text)" });
  await apply();
  await query(pretend(20_000));
  await write({
    "2.sql": "-- fairlead: contract\nalter table orders drop column note",
    "3.sql": "alter table orders add note text; alter table orders alter sku type int using length(sku)",
    "4.sql": "create index concurrently on orders (sku)",
    "5.sql": "-- fairlead: backfill\nupdate orders set note = ''",
  });
  const inspections = await lintPending({ folder, url, application: "shop" });
  expect(inspections).toMatchObject([
    {
      id: "3",
      compatibility: "irreversible",
      statements: [
        {
          summary: "alter table orders add note text",
          locks: [{ relation: "orders", mode: "AccessExclusive", rows: 20_000 }],
          rewrites: [],
        },
        { rewrites: ["orders"] },
      ],
      findings: expect.arrayContaining([expect.objectContaining({ rule: "changing-column-type", severity: "warning" })]) as object[],
    },
    { id: "4", transaction: false, compatibility: "code-only", statements: [{ locks: [{ mode: "ShareUpdateExclusive" }] }], findings: [] },
    { id: "5", phase: "backfill", compatibility: "code-only", statements: [{ locks: [{ mode: "RowExclusive" }] }] },
    { id: "2", phase: "contract", compatibility: "irreversible", findings: [] },
  ]);
  expect(toText(inspections)).toContain("AccessExclusive on orders, about 20,000 rows, written anew: others wait for reading and writing");
});

test("names are looked for where the search_path leads", async () => {
  const { write, query, migrator, call } = await createScene();
  await query("create schema app; create table app.orders (id int constraint one unique); create index plain on app.orders (id)");
  await query(
    "create view app.v as select 1 as one; do $$ begin execute format('alter database %I set search_path = app, public', current_database()); end $$",
  );
  for (const text of [
    "alter table orders drop constraint one",
    "alter table app.orders drop constraint one",
    "create or replace view v as select 1 as one",
    "alter index one rename to two",
  ]) {
    await write({ "1.sql": text });
    expect((await migrator.plan(call())).findings, text).toMatchObject([{ severity: "error", migration: "1" }]);
  }
  await write({ "1.sql": "drop index plain" });
  expect((await migrator.plan(call())).findings.filter(({ severity }) => severity === "error")).toEqual([]);
});
