import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readFolder } from "./read-folder.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fairlead-folder-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function idsOf(...names: readonly string[]): Promise<readonly string[]> {
  for (const name of names) await writeFile(join(folder, name), name.endsWith(".json") ? "{}" : "select 1");
  return (await readFolder(folder)).map(({ id }) => id);
}

test("files run by their number, then by their name", async () => {
  expect(await idsOf("10_j.sql", "2_b.sql", "0002_a.sql", "1_z.sql", "20261121093000123456_t.sql", "b.sql", "A.sql", "2_B.sql")).toEqual([
    "1_z",
    "0002_a",
    "2_B",
    "2_b",
    "10_j",
    "20261121093000123456_t",
    "A",
    "b",
  ]);
});

test("other files do not count", async () => {
  await mkdir(join(folder, "0001_folder.sql"));
  expect(await idsOf("README.md", ".0001_hidden.sql", "0001_a.sql.orig", "0001_a.sql")).toEqual(["0001_a"]);
});

test("a link to a file counts", async () => {
  await writeFile(join(folder, "shared"), "select 1");
  await symlink(join(folder, "shared"), join(folder, "0001_a.sql"));
  expect((await readFolder(folder)).map(({ id }) => id)).toEqual(["0001_a"]);
});

test("an empty folder is fine, none is not", async () => {
  expect(await readFolder(folder)).toEqual([]);
  await expect(readFolder(join(folder, "none"))).rejects.toMatchObject({ code: "POSTGRES_FOLDER_UNREADABLE", data: { problem: "ENOENT" } });
});

test("a way back is never run as a migration, and belongs to one", async () => {
  expect(await idsOf("1_a.up.sql", "1_a.down.sql", "2_b.sql", "2_b.down.sql")).toEqual(["1_a", "2_b"]);
  await expect(idsOf("3_c.down.sql")).rejects.toMatchObject({
    code: "POSTGRES_MIGRATIONS_INVALID",
    data: { problems: [{ migration: "3_c.down.sql", message: "It is a way back, and the way there is missing." }] },
  });
});

test("what looks like a migration and is not SQL is refused, not left out", async () => {
  expect(await idsOf("0001_a.sql", "seed.ts", "schema.ts", "README.md")).toEqual(["0001_a"]);
  await expect(idsOf("0002_b.ts", "20240101_c.go")).rejects.toMatchObject({
    code: "POSTGRES_MIGRATIONS_INVALID",
    data: { problems: [{ migration: "0002_b.ts" }, { migration: "20240101_c.go" }] },
  });
});

test.for([
  ["B1__all.sql", "V2__b.sql", "It is a baseline of Flyway's, which is not run."],
  ["U1__a.sql", "V2__b.sql", "It is a way back, and the way there is missing."],
  ["U1__a.sql", "README.md", "It is a way back, and the way there is missing."],
  ["B1__all.sql", "README.md", "It is a baseline of Flyway's, which is not run."],
] as const)("%s of Flyway's is refused beside %s", async ([file, other, message]) => {
  await expect(idsOf(file, other)).rejects.toMatchObject({ data: { problems: [{ migration: file, message }] } });
});

test("folders of Prisma and Diesel come in the order of their characters, as these tools take them", async () => {
  await mkdir(join(folder, "20250625_b"));
  await mkdir(join(folder, "20240101000000_a"));
  expect(await idsOf("20250625_b/migration.sql", "20240101000000_a/migration.sql")).toEqual(["20240101000000_a", "20250625_b"]);
});

test("beside folders with migrations, what has no number is none", async () => {
  await mkdir(join(folder, "2026-01-01-000000_a"));
  expect(await idsOf("2026-01-01-000000_a/up.sql", "notes.sql")).toEqual(["2026-01-01-000000_a"]);
});

test.for([
  ["1_a.sql", "R__views.sql"],
  ["V2_b.sql", "V1__a.sql"],
  ["v3__c.sql", "V1__a.sql"],
  ["2_B.SQL", "1_a.sql"],
  ["1_a.sql", "seed/migration.sql"],
  ["1_a.sql", "2_b/up.sql"],
  ["0002_b.sql", "meta/_journal.json"],
] as const)("%s beside %s is refused, not left out", async ([file, other]) => {
  await mkdir(join(folder, dirname(other)), { recursive: true });
  await expect(idsOf(file, other)).rejects.toMatchObject({
    data: { problems: [{ migration: file, message: "It is not named as the other migrations of this folder are, and would not run." }] },
  });
});
