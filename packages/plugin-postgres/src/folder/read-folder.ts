import { readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fail, isFairleadError } from "@fairlead/core";
import { postgresErrors } from "../postgres-errors.js";
import { findMigrations } from "./layouts/index.js";
import type { Found, Listing } from "./layouts/layout.js";
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
    const problems = findUnread(listing.files, new Set(found.flatMap(({ file, down = file }) => [file, down])), found[0]?.tools?.[0]);
    if (problems.length > 0) throw fail(postgresErrors, "POSTGRES_MIGRATIONS_INVALID", { problems });
    const files: MigrationFile[] = [];
    for (const [index, one] of found.entries()) {
      // A thousand small files are read in a tenth of the time when each is not handed to another thread; others have their turn between.
      const content = index % turn === 0 ? await readFile(join(place, one.file)) : contentOf(join(place, one.file));
      files.push(parseMigration(one.id, join(folder, one.file), content, besideOf(place, one)));
    }
    return files;
  } catch (error) {
    if (isFairleadError(error)) throw error;
    const code: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined;
    throw fail(postgresErrors, "POSTGRES_FOLDER_UNREADABLE", { folder: place, problem: typeof code === "string" ? code : String(error) });
  }
}

/** As text where it is one: the bytes take twice as long. What is not UTF-8 was replaced. */
function contentOf(path: string): Uint8Array | string {
  const text = readFileSync(path, "utf8");
  return text.includes("\uFFFD") ? readFileSync(path) : text;
}

function besideOf(place: string, { down, alone, repeatable, placeholders, tools }: Found): Parameters<typeof parseMigration>[3] {
  return { alone, repeatable, placeholders, tools, ...(down === undefined ? {} : { down: readFileSync(join(place, down)) }) };
}

async function listFolder(place: string): Promise<Listing> {
  const entries = (await readdir(place, { withFileTypes: true })).filter(({ name }) => !name.startsWith("."));
  const folders = new Map<string, readonly string[]>();
  for (const { name } of entries.filter((entry) => entry.isDirectory())) folders.set(name, await readdir(join(place, name)));
  return {
    files: entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name),
    folders,
    text: (path) => readFileSync(join(place, path), "utf8"),
  };
}
