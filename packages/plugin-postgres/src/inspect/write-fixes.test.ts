import { chmod, link, lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readFolder } from "../folder/read-folder.js";
import { newSchema } from "../schema/known-schema.js";
import { loadParser } from "../sql/parser.js";
import { inspectFiles } from "./inspect-files.js";
import { writeFixes, type FixedFile } from "./write-fixes.js";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fairlead-fixes-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Mends what is in the folder; `meanwhile` happens while it is looked at. */
async function mend(meanwhile: () => Promise<void> = () => Promise.resolve()): Promise<readonly FixedFile[]> {
  const read = await readFolder(folder);
  const inspections = inspectFiles(read, { parser: await loadParser(), schema: newSchema({ complete: false }) });
  await meanwhile();
  return writeFixes(folder, read, inspections);
}

const content = "create index if not exists a_n on a (n);\n";
const mended = "create index concurrently if not exists a_n on a (n);\n";

test("a file that changes while it is looked at stays as it is, and others are mended", async () => {
  const [first, second] = [join(folder, "1_a.sql"), join(folder, "2_b.sql")];
  await writeFile(first, content);
  await writeFile(second, content);
  const changed = "select 'one', 'other';\nselect 'and another one';\n";
  expect(await mend(() => writeFile(first, changed))).toEqual([{ path: second, count: 1 }]);
  expect(await Promise.all([readFile(first, "utf8"), readFile(second, "utf8")])).toEqual([changed, mended]);
});

test("a file is put in the place of the other as a whole; its rights stay, and so does a link to it", async () => {
  await mkdir(join(folder, "elsewhere"));
  const [file, before] = [join(folder, "elsewhere", "a.sql"), join(folder, "elsewhere", "before")];
  await writeFile(file, content);
  await chmod(file, 0o640);
  await link(file, before);
  await symlink(file, join(folder, "1_a.sql"));
  expect(await mend()).toHaveLength(1);
  expect(await readFile(file, "utf8")).toBe(mended);
  expect(await readFile(before, "utf8")).toBe(content);
  expect((await stat(file)).mode & 0o777).toBe(0o640);
  expect((await lstat(join(folder, "1_a.sql"))).isSymbolicLink()).toBe(true);
  expect((await readdir(join(folder, "elsewhere"))).toSorted()).toEqual(["a.sql", "before"]);
});
