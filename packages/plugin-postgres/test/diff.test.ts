import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { Secret } from "@fairlead/core";
import { expect, test } from "vitest";
import { createMigrations, toDiffText, type Migrations } from "../src/index.js";
import { postgresStore } from "../src/store/index.js";
import { answersIn, commandLineOf } from "./support/command-line.js";
import { errorOf } from "./support/error-of.js";
import { useServer, type Scene } from "./support/scene.js";

const { createScene } = useServer();

function migrationsOf({ url, folder }: Scene): Migrations {
  return createMigrations({ url, migrations: folder, application: "shop" });
}

const scratches = "select datname from pg_database where datname like 'fairlead_scratch_%'";

test("what was changed by hand becomes a migration, and then folder and database are alike", async () => {
  const scene = await createScene();
  const run = commandLineOf(scene);
  await scene.write({ "0001_orders.sql": "create table orders (id int primary key, note text);" });
  await run("migrations apply development");
  expect((await run("migrations diff production --detailed-exit-code")).exitCode).toBe(7);
  await scene.query("alter table orders add column total int; create index orders_total on orders (total)");

  const shown = await run("migrations diff production");
  expect(shown).toMatchObject({ exitCode: 0, stderr: "" });
  expect(shown.stdout).toContain('ALTER TABLE "public"."orders" ADD COLUMN "total" integer;');
  expect(shown.stdout).toContain("-- Share on orders: others wait for writing");
  expect(shown.stdout).toContain("(require-concurrent-index-creation)");
  expect(shown.stdout).toContain("Tried on a scratch database: it makes just that.");
  expect(await readdir(scene.folder)).toEqual(["0001_orders.sql"]);

  expect((await run("migrations diff production --output as-in-production")).stdout).toContain("0002_as_in_production.sql");
  const written = await readFile(join(scene.folder, "0002_as_in_production.sql"), "utf8");
  expect(written).toBe(
    'ALTER TABLE "public"."orders" ADD COLUMN "total" integer;\nCREATE INDEX orders_total ON public.orders USING btree (total);\n',
  );
  const alike = (await run("migrations diff production")).stdout;
  expect(alike).toMatch(/^-- .+ and .+ are alike\.$/m);
  expect(alike).toContain(
    "-- 1 of the folder pending: 0002_as_in_production. The database has all of it: `migrations baseline` counts it as applied.\n",
  );
  expect(await scene.query(scratches)).toEqual([]);
});

test("what loses data and what an older release misses stands beside its statement", async () => {
  const scene = await createScene();
  await scene.write({ "1.sql": "create table orders (id int primary key, note text, total int);\ncreate table audits (what text);" });
  await scene.query("create table orders (id int primary key, total bigint)");
  const diff = await migrationsOf(scene).diff();
  expect(diff).toMatchObject({ proof: "proved", problem: null, left: [], compatibility: "irreversible" });
  const about = (text: RegExp) => diff.statements.find(({ sql }) => text.test(sql));
  expect(about(/DROP TABLE/)?.findings).toMatchObject([{ rule: "ban-drop-table", severity: "error" }]);
  expect(about(/DROP COLUMN/)?.findings).toMatchObject([{ rule: "ban-drop-column" }]);
  expect(about(/TYPE/)).toMatchObject({
    locks: [{ relation: "orders", mode: "AccessExclusive" }],
    rewrites: ["orders"],
    findings: expect.arrayContaining([expect.objectContaining({ rule: "changing-column-type" })]) as object,
  });
  expect(toDiffText(diff)).toContain("-- AccessExclusive on orders, written anew: others wait for reading and writing");
});

test("somebody's own table that is called like one of a store hides nothing, and a store is left out", async () => {
  const scene = await createScene();
  await scene.write({ "1.sql": "create table a ()" });
  await migrationsOf(scene).apply();
  const store = postgresStore({ url: new Secret("STORE_URL", scene.url) });
  await store.read("deployment/dep_1");
  await store.close();
  await scene.query("create table store_version (n int); create table b (n int)");
  const diff = await migrationsOf(scene).diff();
  expect(diff.statements.map(({ sql }) => sql).sort()).toEqual([
    'CREATE TABLE "public"."b" ("n" integer)',
    'CREATE TABLE "public"."store_version" ("n" integer)',
  ]);
  expect(diff.proof).toBe("proved");
  const { findings } = await migrationsOf(scene).verify();
  expect(findings.map(({ message }) => message)).toEqual([expect.stringContaining("the table b comes from no migration")]);
});

test("two databases are compared by their addresses, and neither is changed", async () => {
  const [one, other] = [await createScene(), await createScene()];
  await one.query("create table a (n int); insert into a values (1)");
  await other.query("create type mood as enum ('good'); create table a (n int, mood mood)");
  const diff = await migrationsOf(one).diff({ from: "database", to: other.url });
  expect(diff.statements.map(({ sql }) => sql)).toEqual([
    `CREATE TYPE "public"."mood" AS ENUM ('good')`,
    'ALTER TABLE "public"."a" ADD COLUMN "mood" public.mood',
  ]);
  expect(diff.proof).toBe("proved");
  expect(JSON.stringify(diff)).not.toContain(new URL(other.url).password);
  expect(await one.query("select * from a")).toEqual([{ n: 1 }]);
  const back = await migrationsOf(one).diff({ from: other.url, to: "database" });
  expect(back.statements.map(({ sql }) => sql)).toEqual(['ALTER TABLE "public"."a" DROP COLUMN "mood"', 'DROP TYPE "public"."mood"']);
});

test("an enum's new value is committed before it is used, and the migration that is written runs", async () => {
  const [scene, wanted] = [await createScene(), await createScene()];
  await scene.write({
    "1.sql": "-- migrate:up\ncreate type e as enum ('a'); create table t (e e default 'a');\n-- migrate:down\ndrop table t; drop type e;\n",
  });
  await wanted.query("create type e as enum ('a', 'b'); create table t (e e default 'b')");
  const run = commandLineOf(scene);
  expect((await run(`migrations diff development --to ${wanted.url} --output more`)).exitCode).toBe(0);
  const [, name = ""] = await readdir(scene.folder);
  expect(await readFile(join(scene.folder, name), "utf8")).toMatch(
    /^-- migrate:up\n-- fairlead: no-transaction\nALTER TYPE [^;]+;\nALTER TABLE [^;]+;\n$/,
  );
  expect((await run("migrations apply development --json")).exitCode).toBe(0);
  expect(await migrationsOf(scene).diff({ from: "database", to: wanted.url })).toMatchObject({ statements: [], proof: "proved" });
});

test.for([
  ["00001_a.sql", { "00001_a.sql": "-- +goose Up\ncreate table a ();\n-- +goose Down\ndrop table a;\n" }, "00002_more.sql"],
  ["1_a.up.sql", { "1_a.up.sql": "create table a ()", "1_a.down.sql": "drop table a" }, "2_more.up.sql"],
] as const)("a migration that is written beside %s has no way back, and does not count as taken back", async ([, files, name]) => {
  const [scene, wanted] = [await createScene(), await createScene()];
  await scene.write(files);
  await wanted.query("create table a (); create table b ()");
  await commandLineOf(scene)(`migrations diff development --to ${wanted.url} --output more`);
  expect((await readdir(scene.folder)).filter((one) => !(one in files))).toEqual([name]);
  await migrationsOf(scene).apply();
  expect(await errorOf(migrationsOf(scene).down([name.replace(/(?:\.up)?\.sql$/, "")]))).toMatchObject({ code: "POSTGRES_NO_WAY_BACK" });
  expect(await scene.query("select to_regclass('b') is not null as b")).toEqual([{ b: true }]);
});

test("what stands in a function is not put before the SQL", async () => {
  const [scene, wanted] = [await createScene(), await createScene()];
  const body = "begin\n-- fairlead: contract\nreturn 1; end";
  await wanted.query(`create function f() returns int language plpgsql as $$${body}$$`);
  const diff = await migrationsOf(scene).diff({ from: "database", to: wanted.url });
  expect(toDiffText(diff).match(/^-- fairlead: contract$/gm)).toHaveLength(1);
});

test("SQL that does not lead there is said to be wrong, and is not written", async () => {
  const scene = await createScene();
  await scene.write({ "1.sql": "create sequence s" });
  await scene.query("create sequence s minvalue 10 start 10");
  const run = commandLineOf(scene);
  const shown = await run("migrations diff production");
  expect(shown.exitCode).toBe(1);
  expect(shown.stdout).toContain("-- WRONG: tried on a scratch database: RESTART value (1) cannot be less than MINVALUE (10)");
  const refused = await run("migrations diff production --output more --json");
  expect(refused.exitCode).toBe(1);
  expect(refused.stdout).toContain("POSTGRES_DIFF_WRONG");
  expect(answersIn(refused)).toMatchObject([{ proof: "wrong" }]);
  expect(await readdir(scene.folder)).toEqual(["1.sql"]);
});

test("what leads to the folder is not written into it", async () => {
  const scene = await createScene();
  await scene.write({ "1.sql": "create table a ()" });
  const refused = await commandLineOf(scene)("migrations diff production --from database --to folder --output made-up");
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toContain("POSTGRES_DIFF_TO_FOLDER");
  expect(await readdir(scene.folder)).toEqual(["1.sql"]);
});

test("what cannot be compared says why", async () => {
  const scene = await createScene();
  await scene.write({ "1.sql": "create table a (n nothing)" });
  const { diff } = migrationsOf(scene);
  expect(await errorOf(diff())).toMatchObject({
    code: "POSTGRES_DIFF_UNAVAILABLE",
    message: expect.stringContaining('type "nothing" does not exist') as string,
  });
  expect(await errorOf(diff({ from: "database" }))).toMatchObject({ code: "POSTGRES_DIFF_SAME" });
  expect(await errorOf(diff({ from: "staging" }))).toMatchObject({
    code: "POSTGRES_DIFF_SIDE",
    message: expect.stringContaining("What stands behind `from` is neither") as string,
  });
  expect(await errorOf(diff({ to: "foldr" }))).toMatchObject({ code: "POSTGRES_DIFF_SIDE", data: { option: "to" } });
  expect(await errorOf(diff({ from: "database", to: "postgres://" }))).toMatchObject({ code: "POSTGRES_URL_INVALID" });
  expect(await scene.query(scratches)).toEqual([]);
});

test("a table that somebody has to himself is not waited for without end", async () => {
  const scene = await createScene();
  await scene.write({ "1.sql": "create table a (n int)" });
  await scene.query("create table a (n int); create view b as select n from a");
  const other = await scene.connect();
  await other.query("begin; lock table a in access exclusive mode");
  expect(await errorOf(migrationsOf(scene).diff())).toMatchObject({
    code: "POSTGRES_DIFF_FAILED",
    message: expect.stringContaining("canceling statement due to lock timeout (55P03)") as string,
  });
  await other.query("rollback");
  expect(await scene.query(scratches)).toEqual([]);
});

test("a table whose name only looks like a ledger's is compared; a ledger with all that belongs to it is left out, which is said", async () => {
  const [scene, wanted] = [await createScene(), await createScene()];
  await wanted.query(`
    create table schema_migrations (version text primary key); create index a_index on schema_migrations (length(version));
    create table pgmigrations (id serial primary key, name text);
    create table schema_migrations_archive (n int); create table pgmigrations_old (id serial primary key);
    create table my_schema_migrations (n int);
    create schema drizzle; create table drizzle.__drizzle_migrations (id serial primary key, hash text)`);
  const diff = await migrationsOf(scene).diff({ from: "database", to: wanted.url });
  expect(diff).toMatchObject({
    proof: "proved",
    left: [],
    leftOut: ["drizzle.__drizzle_migrations", "public.pgmigrations", "public.schema_migrations"],
    pending: [],
  });
  const names = ["schema_migrations_archive", "pgmigrations_old", "my_schema_migrations", "schema_migrations", "pgmigrations", "a_index"];
  expect(names.map((name) => new RegExp(`\\b${name}"? `).test(diff.sql))).toEqual([true, true, true, false, false, false]);
  expect(toDiffText(diff)).toContain("-- left out: public.schema_migrations, the ledger of another tool\n");
  for (const { sql } of diff.statements) await scene.query(sql);
  expect(await migrationsOf(scene).diff({ from: wanted.url, to: "database" })).toMatchObject({ statements: [], proof: "proved" });
});

test("how many migrations of the folder are pending is said beside what differs", async () => {
  const scene = await createScene();
  await scene.write({ "1.sql": "create table a (n int)" });
  await migrationsOf(scene).apply();
  await scene.write({ "2.sql": "alter table a add column m int", "3.sql": "create table b (n int)" });
  for (const sides of [{}, { from: "database", to: "folder" }]) {
    const diff = await migrationsOf(scene).diff(sides);
    expect(diff.pending).toEqual(["2", "3"]);
    expect(toDiffText(diff)).toContain("-- 2 of the folder pending: 2, 3. What they do is part of what differs: apply them first.\n");
  }
  const refused = await commandLineOf(scene)("migrations diff production --output undone");
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toContain("No migration was written: it would undo what is pending: 2, 3.");
  expect((await readdir(scene.folder)).toSorted()).toEqual(["1.sql", "2.sql", "3.sql"]);
  await migrationsOf(scene).apply();
  const alike = await migrationsOf(scene).diff();
  expect(alike.pending).toEqual([]);
  expect(toDiffText(alike)).not.toContain("pending");
});

test("where no database may be made the SQL is shown untried", async () => {
  const [scene, other] = [await createScene(), await createScene()];
  const role = `reader_${new URL(scene.url).pathname.slice(1)}`;
  await other.query(`create role "${role}" login password 'reader'; create table a ()`);
  const url = new URL(scene.url);
  url.username = role;
  url.password = "reader";
  const diff = await migrationsOf({ ...scene, url: url.href }).diff({ from: "database", to: other.url });
  expect(diff).toMatchObject({ proof: "untried", problem: "its role may not create databases." });
  expect(diff.sql).toBe('CREATE TABLE "public"."a" ();\n');
});
