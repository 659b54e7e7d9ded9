import { expect, test } from "vitest";
import { createMigrations, type MigrationsOptions } from "../src/index.js";
import { errorOf } from "./support/error-of.js";
import { useServer } from "./support/scene.js";

const { createScene } = useServer();

test.for([
  ["warn", ["warning"]],
  ["apply", []],
  ["refuse", ["error"]],
] as const)("a file that comes before what was applied, where the policy is %s", async ([outOfOrder, severities]) => {
  const scene = await createScene();
  await scene.write({ "2_b.sql": "create table b ()" });
  const options: MigrationsOptions = { url: scene.url, migrations: scene.folder, application: "shop", outOfOrder };
  const migrations = createMigrations(options);
  await migrations.apply();
  await scene.write({ "1_a.sql": "create table a ()" });
  expect((await migrations.plan()).findings.map(({ severity }) => severity)).toEqual(severities);
  if (outOfOrder === "refuse") expect(await errorOf(migrations.apply())).toMatchObject({ data: { problems: [{ migration: "1_a" }] } });
  else expect((await migrations.apply()).applied).toMatchObject([{ id: "1_a" }]);
});

test("a schema in the address, as Prisma has it, is where tables are made, also when they are tried out", async () => {
  const scene = await createScene();
  await scene.query("create schema sales");
  await scene.write({ "1_a.sql": "create table a (n int)" });
  const migrations = createMigrations({ url: `${scene.url}?schema=sales`, migrations: scene.folder, application: "shop" });
  expect((await migrations.verify()).findings).toEqual([]);
  await migrations.apply();
  expect(await scene.query("select to_regclass('public.a') as here, to_regclass('sales.a') is not null as there")).toEqual([
    { here: null, there: true },
  ]);
});

test("variables of the environment that goose would put in are refused by the line that asks for them", async () => {
  const scene = await createScene();
  await scene.write({ "1_a.sql": "-- +goose Up\n-- +goose ENVSUB ON\ncreate role x password '${PASSWORD}';\n" });
  const migrations = createMigrations({ url: scene.url, migrations: scene.folder, application: "shop" });
  expect((await migrations.plan()).findings).toMatchObject([
    {
      severity: "error",
      message: expect.stringContaining('1_a.sql:2: "-- +goose ENVSUB ON" puts in values from the environment') as string,
    },
  ]);
});
