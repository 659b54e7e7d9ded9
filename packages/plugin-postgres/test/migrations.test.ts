import { join } from "node:path";
import { expect, test } from "vitest";
import { createMigrations, type Migrations, type MigrationsOptions } from "../src/index.js";
import { errorOf } from "./support/error-of.js";
import { useServer, type Scene } from "./support/scene.js";

const { createScene } = useServer();

function migrationsOf({ url, folder }: Scene, options: Partial<MigrationsOptions> = {}): Migrations {
  return createMigrations({ url, migrations: folder, application: "shop", ...options });
}

const files = {
  "1_a.sql": "-- migrate:up\ncreate table a (n int);\n-- migrate:down\ndrop table a;\n",
  "2_b.sql":
    "-- migrate:up\ncreate table b (n int);\ncreate index concurrently b_n on b (n);\n-- migrate:down\ndrop index concurrently b_n;\ndrop table b;\n",
  "3_c.sql": "create table c (n int)",
};

test("what is known of each migration is said, before and after", async () => {
  const scene = await createScene();
  await scene.write(files);
  const migrations = migrationsOf(scene, { actor: "ann" });
  expect((await migrations.status()).map(({ id, state, hasWayBack, last }) => [id, state, hasWayBack, last])).toEqual([
    ["1_a", "pending", true, null],
    ["2_b", "pending", true, null],
    ["3_c", "pending", false, null],
  ]);
  expect((await migrations.apply()).applied.map(({ id }) => id)).toEqual(["1_a", "2_b", "3_c"]);
  expect(await migrations.apply()).toEqual({ applied: [] });

  await scene.write({ "3_c.sql": "create table c (n bigint)", "4_d.sql": "create table d (); select * from nowhere" });
  await errorOf(migrations.apply());
  await scene.write({ "3_c.sql": files["3_c.sql"] });
  await errorOf(migrations.apply());
  await scene.write({ "3_c.sql": "create table c (n bigint)" });
  const status = await migrations.status();
  expect(status.map(({ id, state }) => [id, state])).toEqual([
    ["1_a", "applied"],
    ["2_b", "applied"],
    ["3_c", "edited"],
    ["4_d", "failed"],
  ]);
  expect(status[3]?.last).toMatchObject({
    deployment: "by hand",
    actor: "ann",
    role: "postgres",
    runner: expect.stringMatching(/^\d+@.+/) as string,
    failure: expect.stringMatching(/4_d\.sql:1:34: relation "nowhere" does not exist$/) as string,
  });
});

test("what was applied is taken back with what was kept, newest first, also where the files are gone", async () => {
  const scene = await createScene();
  await scene.write(files);
  await migrationsOf(scene).apply();
  const older = await createScene({ url: scene.url });
  const migrations = migrationsOf(older);

  expect(await errorOf(migrations.down(["1_a", "3_c"]))).toMatchObject({ code: "POSTGRES_NO_WAY_BACK", data: { migration: "3_c" } });
  expect(await errorOf(migrations.down(["9_z"]))).toMatchObject({ code: "POSTGRES_MIGRATION_NOT_APPLIED" });
  expect((await migrations.status()).map(({ id, state }) => [id, state])).toEqual([
    ["1_a", "ahead"],
    ["2_b", "ahead"],
    ["3_c", "ahead"],
  ]);
  expect((await migrations.down(["1_a", "2_b"])).applied.map(({ id }) => id)).toEqual(["2_b", "1_a"]);
  expect(await scene.query("select to_regclass('a') as a, to_regclass('b') as b, to_regclass('c') is not null as c")).toEqual([
    { a: null, b: null, c: true },
  ]);

  expect((await migrationsOf(scene).apply()).applied.map(({ id }) => id)).toEqual(["1_a", "2_b"]);
  expect(await errorOf(migrations.down(["9_z"]))).toMatchObject({ code: "POSTGRES_MIGRATION_NOT_APPLIED" });
});

test("a way back that fails keeps nothing of itself, and what it takes back counts as applied", async () => {
  const scene = await createScene();
  await scene.write({ "1.sql": "-- migrate:up\ncreate table a (n int);\n-- migrate:down\ndrop table a;\nselect * from nowhere" });
  const migrations = migrationsOf(scene);
  await migrations.apply();
  expect(await errorOf(migrations.down(["1"]))).toMatchObject({ data: { at: "the way back of 1:5:15", undone: true } });
  expect(await scene.query("select to_regclass('a') is not null as a, (select state from fairlead.migrations)")).toEqual([
    { a: true, state: "applied" },
  ]);
});

test("a way back that ends its transaction itself and fails behind that is not said to be undone", async () => {
  const scene = await createScene();
  await scene.write({ "1.sql": "-- migrate:up\ncreate table a (n int);\n-- migrate:down\ndrop table a;\ncommit;\nselect * from nowhere" });
  const migrations = migrationsOf(scene);
  await migrations.apply();
  expect(await errorOf(migrations.down(["1"]))).toMatchObject({ data: { undone: false } });
  expect(await scene.query("select state from fairlead.migrations")).toEqual([{ state: "applied" }]);
});

test("what a database has already is not run: a baseline", async () => {
  const scene = await createScene();
  await scene.write(files);
  await scene.query("create table a (n int); create table b (n int)");
  const migrations = migrationsOf(scene);
  expect(await errorOf(migrations.baseline("2"))).toMatchObject({ code: "POSTGRES_MIGRATION_UNKNOWN" });
  expect(await migrations.baseline("2_b")).toEqual(["1_a", "2_b"]);
  expect(await migrations.baseline("2_b")).toEqual([]);
  expect((await migrations.apply()).applied.map(({ id }) => id)).toEqual(["3_c"]);
});

test("a baseline counts what failed and what was taken back, and what another tool has applied before", async () => {
  const scene = await createScene();
  await scene.write({ "1_a.sql": "-- migrate:up\ncreate table a ();\n-- migrate:down\ndrop table a;", "2_b.sql": "select * from nowhere" });
  const migrations = migrationsOf(scene);
  await errorOf(migrations.apply());
  await migrations.down(["1_a"]);
  expect((await migrations.status()).map(({ state }) => state)).toEqual(["reverted", "failed"]);
  expect(await migrations.baseline("2_b")).toEqual(["1_a", "2_b"]);
  expect((await migrations.status()).map(({ state, last }) => [state, last?.failure])).toEqual([
    ["applied", null],
    ["applied", null],
  ]);
  expect(await migrations.apply()).toEqual({ applied: [] });

  const other = await createScene();
  await other.write(Object.fromEntries(["1_a", "2_b", "3_c"].map((id) => [`${id}.sql`, "-- migrate:up\nselect 1;"])));
  await other.query("create table schema_migrations (version text); insert into schema_migrations values ('1'), ('3')");
  expect(await migrationsOf(other).baseline("2_b")).toEqual(["2_b"]);
  expect((await migrationsOf(other).status()).map(({ state, last }) => [state, last?.runner])).toEqual([
    ["applied", "dbmate"],
    ["applied", "baseline"],
    ["applied", "dbmate"],
  ]);
});

test("a baseline does not count what has begun and not ended", async () => {
  const scene = await createScene();
  await scene.write({ "1_a.sql": "create table a (n int);\ncreate index concurrently a_n on a (n);\nselect * from nowhere;" });
  const migrations = migrationsOf(scene);
  await errorOf(migrations.apply());
  expect((await migrations.status()).map(({ state }) => state)).toEqual(["partial"]);
  expect(await errorOf(migrations.baseline("1_a"))).toMatchObject({
    code: "POSTGRES_MIGRATIONS_INVALID",
    data: { problems: [{ migration: "1_a", message: "It has begun and not ended, so that only some of it may be in effect." }] },
  });
  expect((await migrations.status()).map(({ state }) => state)).toEqual(["partial"]);
});

test("what has begun and not ended stops a plan when its file is gone, until a person has said what is so", async () => {
  const scene = await createScene();
  await scene.write({ "1_a.sql": "create table a (n int);\ncreate index concurrently a_n on a (n);\nselect * from nowhere;" });
  await errorOf(migrationsOf(scene).apply());
  const older = await createScene({ url: scene.url });
  await older.write({ "0_z.sql": "create table z ()" });
  const migrations = migrationsOf(older);
  expect((await migrations.plan()).findings).toMatchObject([
    { severity: "error", migration: "1_a", message: expect.stringContaining("its file is not in the folder") as string },
  ]);
  expect((await migrations.status()).map(({ id, state }) => [id, state])).toEqual([
    ["0_z", "pending"],
    ["1_a", "partial"],
  ]);
  expect(await errorOf(migrations.apply())).toMatchObject({ code: "POSTGRES_MIGRATIONS_INVALID" });
  await migrations.repair({ applied: ["1_a"] });
  expect((await migrations.apply()).applied.map(({ id }) => id)).toEqual(["0_z"]);
});

test("invalid indexes are made anew, and what is written down is changed as a person has decided", async () => {
  const scene = await createScene();
  await scene.write({ "1.sql": "create table a (n int); insert into a values (1), (1)" });
  const migrations = migrationsOf(scene);
  await migrations.apply();
  const other = await scene.connect();
  await expect(other.query("create unique index concurrently a_n on a (n)")).rejects.toThrow();
  await scene.query("delete from a");
  await scene.write({ "1.sql": "create table a (n int)" });
  expect((await migrations.status()).map(({ state }) => state)).toEqual(["edited"]);

  expect(await migrations.repair({ edited: ["1"] })).toEqual({ migrations: ["1"], indexes: ["public.a_n"] });
  expect(await scene.query("select indisvalid as valid from pg_index where indexrelid = 'a_n'::regclass")).toEqual([{ valid: true }]);
  expect((await migrations.status()).map(({ state }) => state)).toEqual(["applied"]);
  expect(await migrations.repair()).toEqual({ migrations: [], indexes: [] });
});

test("what is kept in the ledger is taken back without a folder; one that is there and cannot be read is said", async () => {
  const scene = await createScene();
  await scene.write({ "1_a.sql": files["1_a.sql"] });
  const migrations = migrationsOf(scene);
  await migrations.apply();
  await scene.write({ "2_b.cjs": "exports.up = async () => {}" });
  expect(await errorOf(migrations.waysBack(["1_a"]))).toMatchObject({ code: "POSTGRES_MIGRATIONS_INVALID" });
  expect(await errorOf(migrations.down(["1_a"]))).toMatchObject({ code: "POSTGRES_MIGRATIONS_INVALID" });
  const file = join(scene.folder, "1_a.sql");
  expect(await errorOf(migrationsOf(scene, { migrations: file }).down(["1_a"]))).toMatchObject({ code: "POSTGRES_FOLDER_UNREADABLE" });
  const elsewhere = migrationsOf(scene, { migrations: join(scene.folder, "nowhere") });
  expect(await elsewhere.waysBack(["1_a"])).toMatchObject([{ id: "1_a" }]);
  expect((await elsewhere.down(["1_a"])).applied).toMatchObject([{ id: "1_a" }]);
});
