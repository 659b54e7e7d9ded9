import { statSync } from "node:fs";
import type * as Sqlite from "node:sqlite";
import { coreErrors } from "../../errors/core-errors.js";
import { fail } from "../../errors/fairlead-error.js";
import { toDatabase, type Database } from "./database.js";
import { prepareFile } from "./file.js";
import { applicationId, migrations } from "./schema.js";

/** Opens a file and brings its schema up to date. A file that is not ours, or newer than we know, is refused and left as it is. */
export async function openDatabase(store: string, path: string): Promise<Database> {
  const sqlite = loadSqlite(store);
  await prepareFile(store, path, (unnamed) => {
    const made = toDatabase(new sqlite.DatabaseSync(unnamed));
    try {
      made.execute("PRAGMA synchronous = FULL");
      createSchema(store, made);
    } finally {
      made.close();
    }
  });
  const database = toDatabase(new sqlite.DatabaseSync(path));
  try {
    requireWhole(store, path, database);
    if (versionOf(store, database) === 0) refuseForeign(store, database);
    const mode = database.first<{ readonly journal_mode: string }>("PRAGMA journal_mode = WAL")?.journal_mode;
    if (mode !== "wal") throw fail(coreErrors, "STORE_PATH_INVALID", { store, problem: "its file system cannot share memory." });
    database.execute("PRAGMA synchronous = FULL");
    if (versionOf(store, database) < migrations.length) createSchema(store, database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Not imported: loading it costs, and prints a warning on Node.js 22; only who uses the store should pay. */
export function loadSqlite(store: string): typeof Sqlite {
  const sqlite = process.getBuiltinModule("node:sqlite") as typeof Sqlite | undefined;
  if (sqlite === undefined) throw fail(coreErrors, "STORE_NOT_SUPPORTED", { store, problem: "this runtime has no node:sqlite." });
  return sqlite;
}

/** The version of the schema; 0 where there is none. */
export function versionOf(store: string, database: Database): number {
  const version = database.first<{ readonly user_version: number }>("PRAGMA user_version")?.user_version ?? 0;
  const owner = database.first<{ readonly application_id: number }>("PRAGMA application_id")?.application_id ?? 0;
  if (owner !== applicationId && (owner !== 0 || version !== 0)) {
    throw fail(coreErrors, "STORE_FOREIGN", { store, problem: "it is a database of another application." });
  }
  if (version > migrations.length) throw fail(coreErrors, "STORE_TOO_NEW", { store, found: version, known: migrations.length });
  return version;
}

/** SQLite takes what its last page lacks for zeros, and would read less than was written. Told from the file alone where nothing is beside it. */
export function requireWhole(store: string, path: string, database: Database): void {
  database.reading(() => {
    const pages = database.first<{ readonly page_count: number }>("PRAGMA page_count")?.page_count ?? 0;
    const size = database.first<{ readonly page_size: number }>("PRAGMA page_size")?.page_size ?? 0;
    // Only now: nobody moves what is beside it into the file while it is read.
    if ((statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0) return;
    const found = statSync(path).size;
    if (found === 0)
      throw fail(coreErrors, "STORE_DAMAGED", { store, problem: "it is empty, and a journal never is. Remove it if it never held one." });
    if (found === 1) throw fail(coreErrors, "STORE_FOREIGN", { store, problem: "SQLite would take its one byte for nothing." });
    const missing = pages * size - found;
    if (missing > 0) throw fail(coreErrors, "STORE_DAMAGED", { store, problem: `its last ${String(missing)} bytes are missing.` });
  });
}

function refuseForeign(store: string, database: Database): void {
  const table = database.first<{ readonly name: string }>("SELECT name FROM sqlite_schema LIMIT 1")?.name;
  if (table === undefined || versionOf(store, database) > 0) return;
  throw fail(coreErrors, "STORE_FOREIGN", { store, problem: `it is a database with a table ${table}.` });
}

/** Brings the schema up to date. */
export function createSchema(store: string, database: Database): void {
  database.transaction(() => {
    // Again: another process may have done it meanwhile.
    for (const migration of migrations.slice(versionOf(store, database))) database.execute(migration);
    database.execute(`PRAGMA application_id = ${String(applicationId)}; PRAGMA user_version = ${String(migrations.length)}`);
  });
}
