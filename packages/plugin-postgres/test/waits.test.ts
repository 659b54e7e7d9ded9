import { expect, test } from "vitest";
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
