import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { systemClock } from "@fairlead/core";
import { expect, onTestFinished, test } from "vitest";
import { readFolder } from "../folder/read-folder.js";
import { createMigration } from "./create-migration.js";

const at = Date.parse("2026-11-22T10:11:12.345Z");
const clock = { ...systemClock, now: () => at };

async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-new-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

test.for([
  ["an empty folder", {}, ["0001_add_orders.sql"]],
  ["a sequence", { "007_a.sql": "", "010_b.sql": "" }, ["011_add_orders.sql"]],
  ["a sequence with hyphens", { "1-a.sql": "", "9-b.sql": "" }, ["10-add_orders.sql"]],
  ["moments", { "20261121093000_a.sql": "" }, ["20261122101112_add_orders.sql"]],
  ["moments that are still to come", { "20301121093000_a.sql": "" }, ["20301121093001_add_orders.sql"]],
  ["milliseconds", { "1760000000000_a.sql": "" }, [`${String(at)}_add_orders.sql`]],
  ["pairs", { "000001_a.up.sql": "", "000001_a.down.sql": "" }, ["000002_add_orders.up.sql", "000002_add_orders.down.sql"]],
  ["Prisma", { "20261121093000_a/migration.sql": "" }, ["20261122101112_add_orders/migration.sql"]],
  [
    "Diesel",
    { "2026-11-21-093000_a/up.sql": "", "2026-11-21-093000_a/down.sql": "" },
    ["2026-11-22-101112_add_orders/up.sql", "2026-11-22-101112_add_orders/down.sql"],
  ],
  ["Flyway", { "V1__a.sql": "", "V1.9__b.sql": "", "R__c.sql": "" }, ["V1.10__add_orders.sql"]],
] as const)("behind %s", async ([, before, expected]) => {
  const folder = await folderWith(before);
  const made = await createMigration(folder, " Add Orders! ", { clock, code: false });
  expect(made).toEqual(expected.map((path) => join(folder, path)));
  const order = (await readFolder(folder)).filter(({ repeatable }) => !repeatable).map(({ id }) => id);
  expect(made[0]).toContain(order.at(-1));
});

test.for([
  ["-- migrate:up\ncreate table a ();\n", "-- migrate:up\n\n\n-- migrate:down\n\n"],
  ["-- +goose Up\ncreate table a ();\n", "-- +goose Up\n\n\n-- +goose Down\n\n"],
  ["-- Up Migration\ncreate table a ();\n", "-- Up Migration\n\n\n-- Down Migration\n\n"],
  ["create table a ();\n", ""],
])("it begins as the one before it does: %j", async ([before = "", expected]) => {
  const folder = await folderWith({ "1_a.sql": before });
  const [made = ""] = await createMigration(folder, "b", { clock, code: false });
  expect(await readFile(made, "utf8")).toBe(expected);
});

test("many at once have versions of their own, and nothing is left behind", async () => {
  const folder = await folderWith({ "1_a.sql": "" });
  await Promise.all(
    ["b", "c", "d", "e", "b"].map((name) => createMigration(folder, name, { clock: { ...clock, now: Date.now }, code: false })),
  );
  const files = await readdir(folder);
  expect(files.map((file) => Number.parseInt(file, 10)).sort((one, other) => one - other)).toEqual([1, 2, 3, 4, 5, 6]);
});

test("the lock of a process that is gone keeps nobody out", async () => {
  const folder = await folderWith({ ".fairlead-new": "" });
  await utimes(join(folder, ".fairlead-new"), new Date(0), new Date(0));
  expect(await createMigration(folder, "a", { clock, code: false })).toEqual([join(folder, "0001_a.sql")]);
});

test.for(["", "!?", "x".repeat(101)])("%j is no name", async (name) => {
  const folder = await folderWith({});
  await expect(createMigration(folder, name, { clock, code: false })).rejects.toMatchObject({ code: "POSTGRES_MIGRATION_NAME_INVALID" });
  expect(await readdir(folder)).toEqual([]);
});

test("where a tool keeps more than the file, it is left to the tool", async () => {
  const folder = await folderWith({ "meta/_journal.json": '{"entries":[{"idx":0,"tag":"0000_a"}]}', "0000_a.sql": "" });
  await expect(createMigration(folder, "b", { clock, code: false })).rejects.toMatchObject({
    code: "POSTGRES_NEW_REFUSED",
    data: { tool: "Drizzle" },
  });
});
