import { access, chmod, constants, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fail, isFairleadError } from "@fairlead/core";
import type { MigrationFile } from "../folder/migration-file.js";
import { readFolder } from "../folder/read-folder.js";
import { postgresErrors } from "../postgres-errors.js";
import { fixContent } from "./fixes.js";
import type { Inspection } from "./inspection.js";

/** A file that was mended. */
export interface FixedFile {
  readonly path: string;
  /** How many findings were. */
  readonly count: number;
}

/**
 * Mends in the files of a folder what is mechanical of what was found in them; answers those that are changed. `read` is the folder as it was read before it was inspected: files that have changed since then stay as they are. Rejects with
 * `POSTGRES_FOLDER_UNREADABLE`.
 */
export async function writeFixes(
  folder: string,
  read: readonly MigrationFile[],
  inspections: readonly Inspection[],
): Promise<readonly FixedFile[]> {
  try {
    return await write(folder, read, inspections);
  } catch (error) {
    const problem: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined;
    if (isFairleadError(error) || typeof problem !== "string") throw error;
    throw fail(postgresErrors, "POSTGRES_FOLDER_UNREADABLE", { folder, problem });
  }
}

async function write(folder: string, read: readonly MigrationFile[], inspections: readonly Inspection[]): Promise<readonly FixedFile[]> {
  const files = new Map((await readFolder(folder)).map((file) => [file.id, file]));
  const texts = new Map(read.map(({ id, text }) => [id, text]));
  const written: FixedFile[] = [];
  for (const { id, findings } of inspections) {
    const file = files.get(id);
    const fixes = findings.flatMap(({ fix }) => (fix === undefined ? [] : [fix]));
    if (file === undefined || fixes.length === 0 || file.text !== texts.get(id)) continue;
    const bytes = await readFile(file.path);
    const before = bytes.toString("utf8");
    const { content, count } = fixContent(before, file.text, fixes);
    // What is not written in UTF-8 would become something else.
    if (count === 0 || !bytes.equals(Buffer.from(before))) continue;
    await replace(file.path, content);
    written.push({ path: file.path, count });
  }
  return written;
}

/** With all of it or not at all, should the disk be full or the process be killed. A link stays one. */
async function replace(path: string, content: string): Promise<void> {
  const file = await realpath(path);
  await access(file, constants.W_OK);
  const unfinished = join(dirname(file), `.${basename(file)}.${String(process.pid)}.unfinished`);
  try {
    await writeFile(unfinished, content);
    await chmod(unfinished, (await stat(file)).mode);
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
