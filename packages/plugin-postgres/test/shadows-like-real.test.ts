import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createMigrations } from "../src/index.js";
import { useServer, type Scene } from "./support/scene.js";

const { createScene } = useServer();

function verify({ url, folder }: Scene, shadow = "beside") {
  return createMigrations({ url, migrations: folder, application: "shop", shadow }).verify();
}

/** The name of its database, as it is written in SQL. */
function nameOf({ url }: Scene): string {
  return `"${new URL(url).pathname.slice(1)}"`;
}

test.for(["beside", "template"])("settings of the database and of the role in it are those of the scratch database: %s", async (shadow) => {
  const scene = await createScene();
  const client = await scene.connect();
  const database = nameOf(scene);
  await client.query(`create schema app; create schema "App, two"; alter database ${database} set search_path = app, "App, two", "$user"`);
  await client.query(
    `alter database ${database} set app.tenant = 'o''ne'; alter role current_user in database ${database} set work_mem = '5MB'`,
  );
  await client.query(`alter database ${database} set statement_timeout = '30s'; alter database ${database} set datestyle = 'SQL, DMY'`);
  await client.end();
  await scene.write({ "1.sql": 'create schema if not exists app; create schema if not exists "App, two"; create table a (n int)' });
  await scene.apply();
  const seen = [
    `current_setting('search_path') = 'app, "App, two", "$user"'`,
    "current_setting('app.tenant') = 'o''ne'",
    "current_setting('work_mem') = '5MB'",
    "current_setting('datestyle') = 'SQL, DMY'",
    "to_regclass('app.a') is not null",
  ].join(" and ");
  await scene.write({ "2.sql": `alter table app.a add m int; do $$ begin assert ${seen}; end $$` });
  expect(await verify(scene, shadow)).toMatchObject({ shadow, findings: [], drift: [], migrations: [{ outcome: "runs" }] });
});

test("a schema in which things are made by default is there, whoever makes it: a hand or a file", async () => {
  const scene = await createScene();
  await scene.query(`create schema app; alter database ${nameOf(scene)} set search_path = app`);
  await scene.write({ "1.sql": "create table a (n int)" });
  await scene.apply();
  await scene.write({ "2.sql": "alter table app.a add m int" });
  expect(await verify(scene)).toMatchObject({ findings: [], drift: [], migrations: [{ outcome: "runs" }] });
  const other = await createScene();
  await other.query(`alter database ${nameOf(other)} set search_path = app`);
  await other.write({ "1.sql": "create schema app; create table a (n int)" });
  expect(await verify(other)).toMatchObject({ findings: [], migrations: [{ outcome: "runs" }] });
  await other.apply();
  expect(await verify(other)).toMatchObject({ findings: [], drift: [] });
});

test("a schema that a hand has made is there although files make others whose names are like its own", async () => {
  const scene = await createScene();
  await scene.query(`create schema app; alter database ${nameOf(scene)} set search_path = app`);
  await scene.write({
    "1.sql": 'create schema app_archive; create schema "App"; create schema archive authorization current_user; create table a ()',
  });
  await scene.apply();
  await scene.write({ "2.sql": "alter table app.a add n int" });
  expect(await verify(scene)).toMatchObject({ findings: [], drift: [], migrations: [{ outcome: "runs" }] });
});

test.for([
  "do $$ begin execute format('create schema %I', 'app'); end $$; create table a ()",
  "do $$ declare wanted text := 'app'; begin execute 'create schema ' || quote_ident(wanted); end $$; create table a ()",
  `do $$ begin execute format('create schema "%s"', 'app'); end $$; create table a ()`,
  "do $$ begin execute 'create schema app'; end $$; create table a ()",
])("a schema that a file makes by a name that is put together is made by nobody else: %s", async (text) => {
  const scene = await createScene();
  await scene.query(`alter database ${nameOf(scene)} set search_path = app`);
  await scene.write({ "1.sql": `-- fairlead: code-only\n${text}` });
  expect(await scene.apply()).toEqual(["1"]);
  expect(await verify(scene)).toMatchObject({ findings: [], drift: [] });
});

test("where others have applied what is not in this folder, no drift is looked for, which is said", async () => {
  const scene = await createScene();
  await scene.write({ "1.sql": "create table a (n int)", "2.sql": "create table b (n int)" });
  await scene.apply();
  await rm(join(scene.folder, "2.sql"));
  await scene.write({ "3.sql": "create table c (n int)" });
  const verification = await verify(scene);
  expect(verification).toMatchObject({ drift: [], migrations: [{ id: "3", outcome: "runs" }] });
  expect(verification.findings).toMatchObject([
    {
      severity: "warning",
      message: expect.stringMatching(/^it was not looked whether .+: 2 is applied and not in this folder\.$/) as string,
    },
  ]);
  await scene.write({ "3.sql": "alter table b add m int" });
  expect((await verify(scene)).findings).toMatchObject([{ severity: "warning" }, { severity: "warning" }]);
});

test("a failure is one whatever else a hand has made, but where it is about that", async () => {
  const scene = await createScene();
  await scene.query(
    "create table theirs (n int); create schema shelf; create table shelf.books (); create function of_theirs() returns int language sql return 1",
  );
  const found = async (text: string) => {
    await scene.write({ "1.sql": text });
    return (await verify(scene)).findings;
  };
  expect(await found("create table a (n int); select missing from a")).toMatchObject([
    { severity: "error", message: expect.stringContaining('"missing"') as string },
  ]);
  for (const [text, what] of [
    ["alter table theirs add m int", "public.theirs"],
    ["alter table shelf.books add m int", "the schema shelf"],
    ["create table a (n int default of_theirs())", "public.of_theirs()"],
  ] as const) {
    expect(await found(text)).toMatchObject([{ severity: "warning", message: expect.stringContaining(what) as string }]);
  }
});
