import { readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fail } from "@fairlead/core";
import { postgresErrors } from "../postgres-errors.js";
import { parseMigration, type MigrationFile } from "./migration-file.js";

const extension = ".sql";

/** So many files are read in one go. */
const turn = 32;

/**
 * Reads every `*.sql` file that lies directly in a folder, in the order in which they run: by the number that a name begins with (`2_x` before `10_y`), names without one behind
 * those; then by name, character by character. Other files, folders and hidden files do not count. Rejects with `POSTGRES_FOLDER_UNREADABLE`.
 */
export async function readFolder(folder: string): Promise<readonly MigrationFile[]> {
  const place = resolve(folder);
  try {
    const entries = await readdir(place, { withFileTypes: true });
    const names = entries.filter((entry) => !entry.isDirectory() && entry.name.endsWith(extension) && !entry.name.startsWith("."));
    const ids = names.map(({ name }) => name.slice(0, -extension.length)).sort(inOrder);
    const files: MigrationFile[] = [];
    for (const [index, id] of ids.entries()) {
      // A thousand small files are read in a tenth of the time when each is not handed to another thread; others have their turn between.
      const name = `${id}${extension}`;
      const content = index % turn === 0 ? await readFile(join(place, name)) : readFileSync(join(place, name));
      files.push(parseMigration(id, join(folder, name), content));
    }
    return files;
  } catch (error) {
    const code: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined;
    throw fail(postgresErrors, "POSTGRES_FOLDER_UNREADABLE", { folder: place, problem: typeof code === "string" ? code : String(error) });
  }
}

/** Which of two migrations runs first. */
export function inOrder(one: string, other: string): number {
  const [first, second] = [numberOf(one), numberOf(other)];
  if (first !== second) {
    if (first === undefined) return 1;
    if (second === undefined) return -1;
    return first < second ? -1 : 1;
  }
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Timestamps have more digits than a number can count. */
function numberOf(id: string): bigint | undefined {
  const digits = /^\d+/.exec(id)?.[0];
  return digits === undefined ? undefined : BigInt(digits);
}
