import { mkdir, open, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fail, type Clock } from "@fairlead/core";
import { findMigrations } from "../folder/layouts/index.js";
import { listFolder } from "../folder/list-folder.js";
import { postgresErrors } from "../postgres-errors.js";
import { newCode, newFiles, withText } from "./new-files.js";

/** A file that says that somebody is just making a migration. Hidden files are no migrations. */
const lockName = ".fairlead-new";
/** Making one takes milliseconds: a lock of this age, in milliseconds, was left behind. */
const lockLasts = 10_000;
/** Between two looks, in milliseconds. */
const pause = 25;

/** How a migration is made. */
export interface NewMigration {
  readonly clock: Clock;
  /** In TypeScript. */
  readonly code: boolean;
  /** What it does, in SQL. Default nothing. */
  readonly text?: string;
}

/**
 * Writes the files of a new migration into a folder, behind all others, named and begun as the tool that the folder was made for would. Never writes over a file; two at once get versions of their own. Answers their paths.
 * Rejects with `POSTGRES_MIGRATION_NAME_INVALID`, `POSTGRES_NEW_REFUSED` and `POSTGRES_FOLDER_UNREADABLE`.
 */
export async function createMigration(folder: string, name: string, { clock, code, text }: NewMigration): Promise<readonly string[]> {
  const plain = name
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^_+|_+$/g, "");
  if (plain === "" || plain.length > 100) throw fail(postgresErrors, "POSTGRES_MIGRATION_NAME_INVALID", { name });
  const place = resolve(folder);
  try {
    await mkdir(place, { recursive: true });
    return await whileAlone(place, clock, () => write({ folder, place }, plain, { clock, code, text }));
  } catch (error) {
    const code: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined;
    if (typeof code !== "string" || !/^E[A-Z]+$/.test(code)) throw error;
    throw fail(postgresErrors, "POSTGRES_FOLDER_UNREADABLE", { folder: place, problem: code });
  }
}

async function write(
  { folder, place }: { readonly folder: string; readonly place: string },
  name: string,
  { clock, code, text: body }: Required<Pick<NewMigration, "clock" | "code">> & { readonly text: string | undefined },
): Promise<readonly string[]> {
  const found = findMigrations(await listFolder(place));
  const last = found.at(-1);
  const lastText = last === undefined ? "" : await readFile(join(place, last.file), "utf8");
  const at = new Date(clock.now());
  const files = code ? newCode(found, name, at) : newFiles({ found, lastText }, name, at);
  if (files === undefined) throw fail(postgresErrors, "POSTGRES_NEW_REFUSED", { folder, tool: last?.tools?.[0] ?? "" });
  const written = body === undefined ? files : withText(files, body);
  for (const { path, text } of written) {
    await mkdir(dirname(join(place, path)), { recursive: true });
    await writeFile(join(place, path), text, { flag: "wx" });
  }
  return written.map(({ path }) => join(folder, path));
}

async function whileAlone<Result>(place: string, clock: Clock, work: () => Promise<Result>): Promise<Result> {
  const lock = join(place, lockName);
  while (!(await taken(lock))) {
    const made = (await stat(lock).catch(() => undefined))?.mtimeMs;
    if (made !== undefined && clock.now() - made > lockLasts) await rm(lock, { force: true });
    await clock.sleep(pause);
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function taken(lock: string): Promise<boolean> {
  try {
    await (await open(lock, "wx")).close();
    return true;
  } catch (error) {
    if (error instanceof Error && Reflect.get(error, "code") === "EEXIST") return false;
    throw error;
  }
}
