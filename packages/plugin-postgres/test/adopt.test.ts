import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { errorOf } from "./support/error-of.js";
import { useServer, type Scene } from "./support/scene.js";

const { createScene } = useServer();

/** Writes files, also into folders. */
async function sceneOf(files: Readonly<Record<string, string>>, ledger: string): Promise<Scene> {
  const scene = await createScene();
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(scene.folder, path)), { recursive: true });
    await writeFile(join(scene.folder, path), text);
  }
  await scene.query(ledger);
  return scene;
}

async function pendingOf(scene: Scene): Promise<readonly string[]> {
  return (await scene.migrator.plan(scene.call())).pending.map(({ id }) => id);
}

const ledgers = {
  golang:
    "create table schema_migrations (version bigint primary key, dirty boolean not null); insert into schema_migrations values (2, false)",
  numbers: "create table schema_migrations (version varchar primary key); insert into schema_migrations values ('1'), ('2')",
  goose: `create table goose_db_version (id int generated always as identity, version_id bigint, is_applied boolean, tstamp timestamp default now());
    insert into goose_db_version (version_id, is_applied) values (0, true), (1, true), (2, true)`,
  supabase: `create schema supabase_migrations; create table supabase_migrations.schema_migrations (version text primary key, statements text[], name text);
    insert into supabase_migrations.schema_migrations values ('1', null, 'other'), ('2', null, 'another')`,
  diesel: `create table __diesel_schema_migrations (version varchar primary key, run_on timestamp default now());
    insert into __diesel_schema_migrations values ('1'), ('2')`,
};

const plain = { "1_a.sql": "create table a ()", "2_b.sql": "create table b ()" };
const marked = (mark: string) => ({ "1_a.sql": `${mark}\ncreate table a ();`, "2_b.sql": `${mark}\ncreate table b ();` });

test.for([
  ["plain files", "golang", plain],
  ["plain files", "numbers", plain],
  ["plain files", "goose", plain],
  ["plain files", "diesel", plain],
  ["plain files", "supabase", plain],
  ["files of dbmate", "golang", marked("-- migrate:up")],
  ["files of dbmate", "goose", marked("-- migrate:up")],
  ["files of goose", "numbers", marked("-- +goose Up")],
  ["files of golang-migrate", "numbers", { "1_a.up.sql": "create table a ()", "2_b.up.sql": "create table b ()" }],
  ["folders of Prisma", "diesel", { "1_a/migration.sql": "create table a ()", "2_b/migration.sql": "create table b ()" }],
] as const)("%s have not been run because a ledger of another tool knows their numbers: %s", async ([, ledger, files]) => {
  const scene = await sceneOf(files, ledgers[ledger]);
  expect(await pendingOf(scene)).toEqual(["1_a", "2_b"]);
  expect(await scene.apply()).toEqual(["1_a", "2_b"]);
});

test("a plan says how many migrations count as applied because another tool says so", async () => {
  const scene = await sceneOf({ ...marked("-- +goose Up"), "3_c.sql": "-- +goose Up\ncreate table c ();" }, ledgers.goose);
  const { pending, findings } = await scene.migrator.plan(scene.call());
  expect(pending.map(({ id }) => id)).toEqual(["3_c"]);
  expect(findings).toMatchObject([
    {
      severity: "warning",
      migration: "2_b",
      message: "is the last of 2 migrations of goose that count as applied: goose_db_version says so.",
    },
  ]);
  expect(await scene.apply()).toEqual(["3_c"]);
  expect((await scene.migrator.plan(scene.call())).findings).toEqual([]);
});

const pairs = { "1_a.up.sql": "create table a ()", "3_c.up.sql": "create table c ()", "10_j.up.sql": "create table j ()" };

test.for([
  [2, ["3_c", "10_j"]],
  [9, ["10_j"]],
  [12, []],
] as const)("golang-migrate has applied all up to version %i, whether its file is there or not", async ([version, pending]) => {
  const scene = await sceneOf(pairs, ledgers.golang.replace("(2,", `(${String(version)},`));
  expect(await pendingOf(scene)).toEqual(pending);
});

test.for([
  [3, "3_c"],
  [12, "version 12"],
] as const)("a version %i that golang-migrate has not brought to its end stops the plan", async ([version, migration]) => {
  const scene = await sceneOf(pairs, ledgers.golang.replace("(2, false", `(${String(version)}, true`));
  expect(await errorOf(scene.migrator.plan(scene.call()))).toMatchObject({
    code: "POSTGRES_TOOL_UNFINISHED",
    data: { tool: "golang-migrate", migration },
  });
});

const flyway = `create table flyway_schema_history (installed_rank integer, version varchar(50), type varchar(20), script varchar(1000), installed_on timestamp default now(), success boolean, checksum integer);
  insert into flyway_schema_history (installed_rank, version, type, script, success) values`;

test.for([
  ["'1.10', 'BASELINE', '<< Flyway Baseline >>'", ["V1.11__d", "R__v"]],
  ["'1.9.0', 'SQL_BASELINE', 'B1.9.0__all.sql'", ["V1.10__c", "V1.11__d", "R__v"]],
] as const)("a baseline of Flyway's stands for all up to its version: %s", async ([row, pending]) => {
  const files = Object.fromEntries(["V1.9__b", "V1.10__c", "V1.11__d", "R__v"].map((id) => [`${id}.sql`, "select 1"]));
  expect(await pendingOf(await sceneOf(files, `${flyway} (1, ${row}, true)`))).toEqual(pending);
});

const byFlyway = flyway.replace("success)", "success, checksum)");
// By another program: CRC-32 of the lines one behind the other, as a signed number.
const [linesOfA, linesOfV] = [-31348309, 245801405];

test("what Flyway has applied counts while its lines are the same, whatever ends them; what is repeatable runs again only where it has changed", async () => {
  const rows = `${byFlyway} (1, '1', 'SQL', 'V1__a.sql', true, ${String(linesOfA)}), (2, null, 'SQL', 'R__v.sql', true, ${String(linesOfV)})`;
  const files = { "V1__a.sql": "\uFEFFcreate table a (n int);\r\n-- ü\r\n\r\n", "V2__b.sql": "select 2", "R__v.sql": "select 1\n" };
  const scene = await sceneOf(files, rows);
  expect(await pendingOf(scene)).toEqual(["V2__b"]);
  await scene.write({ "R__v.sql": "select 1;\n" });
  expect(await pendingOf(scene)).toEqual(["V2__b", "R__v"]);
  await scene.write({ "V1__a.sql": "create table a (n bigint);\n-- ü\n" });
  expect((await scene.migrator.plan(scene.call())).findings.filter(({ severity }) => severity === "error")).toMatchObject([
    { migration: "V1__a", message: expect.stringContaining("was edited after it had been applied") as string },
  ]);
});

test("files of Drizzle's with the same text are taken over one by one", async () => {
  const ids = ["0000_a", "0001_b", "0002_a"];
  const entries = ids.map((tag, idx) => ({ idx, tag }));
  const files = {
    ...Object.fromEntries(ids.map((id) => [`${id}.sql`, `select '${id.slice(5)}'`])),
    "meta/_journal.json": JSON.stringify({ entries }),
  };
  const ledger = `create schema drizzle; create table drizzle.__drizzle_migrations (id serial, hash text, created_at bigint);
    insert into drizzle.__drizzle_migrations (hash, created_at) select encode(sha256(convert_to(text, 'utf8')), 'hex'), at from (values `;
  const end = ") as applied (text, at)";
  expect(await pendingOf(await sceneOf(files, `${ledger} ('select ''a''', 1), ('select ''b''', 2)${end}`))).toEqual(["0002_a"]);
  expect(await pendingOf(await sceneOf(files, `${ledger} ('select ''a''', 1), ('select ''b''', 2), ('select ''a''', 3)${end}`))).toEqual(
    [],
  );
});

test("what is taken over by number stands in the order of the numbers", async () => {
  const files = Object.fromEntries(["8_h", "9_i", "10_j"].map((id) => [`${id}.sql`, "-- migrate:up\nselect 1;"]));
  const scene = await sceneOf(
    { ...files, "11_k.sql": "-- migrate:up\nselect 1;" },
    "create table schema_migrations (version text); insert into schema_migrations values ('10'), ('8'), ('9')",
  );
  expect((await scene.migrator.plan(scene.call())).findings).toMatchObject([{ migration: "10_j" }]);
});
