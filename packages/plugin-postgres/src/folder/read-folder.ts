import { readFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fail, isFairleadError, nextTurn } from "@fairlead/core";
import { postgresErrors } from "../postgres-errors.js";
import { parseCode } from "./code-file.js";
import { listFolder } from "./list-folder.js";
import { findMigrations } from "./layouts/index.js";
import type { Found } from "./layouts/layout.js";
import { parseMigration, type MigrationFile } from "./migration-file.js";
import { findUnread } from "./unread-files.js";

/** So many files are read in one go: some milliseconds. */
const turn = 128;

/**
 * Reads the migrations of a folder in the order in which they run, as the tool that the folder was made for would. Other files and hidden ones do not count. Rejects with
 * `POSTGRES_FOLDER_UNREADABLE`, and with `POSTGRES_MIGRATIONS_INVALID` where a file looks like a migration and would not be run.
 */
export async function readFolder(folder: string): Promise<readonly MigrationFile[]> {
  const place = resolve(folder);
  try {
    const listing = await listFolder(place);
    const found = findMigrations(listing);
    const read = new Set(found.flatMap(({ file, down = file }) => [file, down]));
    const problems = [...findUnread(listing.files, read, found[0]?.tools?.[0]), ...twice(found)];
    if (problems.length > 0) throw fail(postgresErrors, "POSTGRES_MIGRATIONS_INVALID", { problems });
    const files: MigrationFile[] = [];
    for (const [index, one] of found.entries()) {
      // A thousand small files are read in a tenth of the time when none is handed to another thread; others have their turn between.
      if (index % turn === 0) await nextTurn();
      const content = contentOf(join(place, one.file));
      const path = join(folder, one.file);
      files.push(one.code === true ? parseCode(one.id, path, content) : parseMigration(one.id, path, content, besideOf(place, one)));
    }
    return files;
  } catch (error) {
    if (isFairleadError(error)) throw error;
    const code: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined;
    throw fail(postgresErrors, "POSTGRES_FOLDER_UNREADABLE", { folder: place, problem: typeof code === "string" ? code : String(error) });
  }
}

/** The same for what can do without a folder, as an older checkout may have none. What is wrong with one that is there is said. */
export async function readFolderIfThere(folder: string): Promise<readonly MigrationFile[]> {
  return (await isThere(resolve(folder))) ? readFolder(folder) : [];
}

function isThere(place: string): Promise<boolean> {
  return stat(place).then(
    () => true,
    (error: unknown) => !(error instanceof Error && Reflect.get(error, "code") === "ENOENT"),
  );
}

/** What is written down of one would count for the other. */
function twice(found: readonly Found[]): readonly { readonly migration: string; readonly message: string; readonly hint: string }[] {
  const seen = new Map<string, string>();
  return found.flatMap(({ id, file }) => {
    const other = seen.get(id);
    seen.set(id, file);
    return other === undefined
      ? []
      : [{ migration: file, message: `It has the name of ${other}.`, hint: "Give one of them another number." }];
  });
}

/** As text where it is one: the bytes take twice as long. What is not UTF-8 was replaced. */
function contentOf(path: string): Uint8Array | string {
  const text = readFileSync(path, "utf8");
  return text.includes("\uFFFD") ? readFileSync(path) : text;
}

function besideOf(place: string, { down, alone, repeatable, placeholders, tools }: Found): Parameters<typeof parseMigration>[3] {
  return { alone, repeatable, placeholders, tools, ...(down === undefined ? {} : { down: readFileSync(join(place, down)) }) };
}
