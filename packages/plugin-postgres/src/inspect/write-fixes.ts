import { readFile, writeFile } from "node:fs/promises";
import { fail, isFairleadError } from "@fairlead/core";
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

/** Mends in the files of a folder what is mechanical of what was found in them; answers those that are changed. Files that have changed since they were inspected stay as they are in those places. Rejects with `POSTGRES_FOLDER_UNREADABLE`. */
export async function writeFixes(folder: string, inspections: readonly Inspection[]): Promise<readonly FixedFile[]> {
  try {
    return await write(folder, inspections);
  } catch (error) {
    const problem: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined;
    if (isFairleadError(error) || typeof problem !== "string") throw error;
    throw fail(postgresErrors, "POSTGRES_FOLDER_UNREADABLE", { folder, problem });
  }
}

async function write(folder: string, inspections: readonly Inspection[]): Promise<readonly FixedFile[]> {
  const files = new Map((await readFolder(folder)).map((file) => [file.id, file]));
  const written: FixedFile[] = [];
  for (const { id, findings } of inspections) {
    const file = files.get(id);
    const fixes = findings.flatMap(({ fix }) => (fix === undefined ? [] : [fix]));
    if (file === undefined || fixes.length === 0) continue;
    const bytes = await readFile(file.path);
    const before = bytes.toString("utf8");
    const { content, count } = fixContent(before, file.text, fixes);
    // What is not written in UTF-8 would become something else.
    if (count === 0 || !bytes.equals(Buffer.from(before))) continue;
    await writeFile(file.path, content);
    written.push({ path: file.path, count });
  }
  return written;
}
