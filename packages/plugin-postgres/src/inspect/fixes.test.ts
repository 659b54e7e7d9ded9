import { expect, test } from "vitest";
import { parseMigration } from "../folder/migration-file.js";
import { newSchema } from "../schema/known-schema.js";
import { loadParser } from "../sql/parser.js";
import { fixContent } from "./fixes.js";
import { inspectFiles } from "./inspect-files.js";

async function mended(content: string): Promise<{ readonly content: string; readonly count: number }> {
  const file = parseMigration("1", "1.sql", content);
  const [inspection] = inspectFiles([file], { parser: await loadParser(), schema: newSchema({ complete: false }) });
  const fixes = (inspection?.findings ?? []).flatMap(({ fix }) => (fix === undefined ? [] : [fix]));
  return fixContent(content, file.text, fixes);
}

test.for([
  ["create index a_n on a (n);\n", "create index concurrently a_n on a (n);\n"],
  [
    "\uFEFF-- größer 😀\r\n/* ü */ create index a_n\r\n  on a (n);\r\n",
    "\uFEFF-- größer 😀\r\n/* ü */ create index concurrently a_n\r\n  on a (n);\r\n",
  ],
  [
    "-- migrate:down\ndrop index a_n;\n-- migrate:up\ncreate index a_n on a (n);\n",
    "-- migrate:down\ndrop index a_n;\n-- migrate:up\ncreate index concurrently a_n on a (n);\n",
  ],
] as const)("what is mechanical is mended in its place, and the rest of the file stays: %j", async ([content, expected]) => {
  expect(await mended(content)).toMatchObject({ content: expected });
});

test("what is mended has nothing left that is mechanical", async () => {
  const once = await mended(
    "alter table a add column j json;\nalter table a add foreign key (n) references b (n);\ncreate index on a (n);\n",
  );
  expect(once.count).toBeGreaterThanOrEqual(3);
  expect(await mended(once.content)).toEqual({ content: once.content, count: 0 });
});

test.for([
  "alter table a add constraint c check (n > 0) -- must hold\n;",
  "alter table a add constraint c check (n <> '('), drop column m;",
  "alter table a add constraint c check (n <> ')'), validate constraint d;",
  'alter table a add constraint "c(" check (n > 0), drop column m;',
  "alter table days detach partition monday -- gone",
  "-- fairlead: no-transaction\ncreate /* index */ index concurrently a_n on a (n);",
])("what stands in strings, names and comments is taken for no SQL: %j", async (content) => {
  expect(await mended(content)).toEqual({ content, count: 0 });
});

test.for([
  "set local search_path = tenant;\ncreate index if not exists a_n on a (n);",
  "select set_config('search_path', 'tenant', true);\ncreate index if not exists a_n on a (n);",
  "create temp table ids on commit drop as select 1 as id;\ndrop index if exists a_n;\ninsert into b select id from ids;",
  "refresh materialized view totals;",
  "create index if not exists days_day on only days (day);",
])("nothing is made concurrent where it would do something else, or be refused: %j", async (content) => {
  expect(await mended(content)).toEqual({ content, count: 0 });
});

test("a view is filled anew concurrently where it has what that needs", async () => {
  const index = "create unique index concurrently if not exists totals_n on totals (n);\n";
  expect(await mended(`${index}refresh materialized view totals;`)).toMatchObject({
    content: `${index}refresh materialized view concurrently totals;`,
  });
  const emptied = `${index}refresh materialized view totals with no data;`;
  expect(await mended(emptied)).toEqual({ content: emptied, count: 0 });
});

test("all that a statement has is mended at once, and nothing else is written anew", async () => {
  const columns = (one: string, other: string): string =>
    Array.from({ length: 16 }, (_, index) => `  "ü ${String(index)}" ${index % 2 === 0 ? one : other} default '{}'`).join(",\n");
  expect(await mended(`-- one\r\ncreate table if not exists a (id bigint primary key,\n${columns("json", "varchar(3)")});\n`)).toEqual({
    content: `-- one\r\ncreate table if not exists a (id bigint primary key,\n${columns("jsonb", "varchar(3)")});\n`,
    count: 8,
  });
});

test("nothing is made concurrent in a transaction that a file brings itself", async () => {
  const content = "begin;\ncreate index if not exists a_n on a (n);\ncommit;\n";
  expect(await mended(content)).toEqual({ content, count: 0 });
});

test("of two fixes of one place the first is taken, and none of a place that says something else", () => {
  const text = "select a, b";
  expect(
    fixContent(text, text, [
      { start: 7, end: 8, text: "c" },
      { start: 0, end: 11, text: "select 1" },
      { start: 8, end: 8, text: " behind it" },
      { start: 10, end: 11, text: "d" },
    ]),
  ).toEqual({ content: "select c, d", count: 2 });
  expect(fixContent("select 1, b", text, [{ start: 7, end: 8, text: "c" }])).toEqual({ content: "select 1, b", count: 0 });
});
