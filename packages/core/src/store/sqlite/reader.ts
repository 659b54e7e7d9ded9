import { statSync } from "node:fs";
import type * as Sqlite from "node:sqlite";
import { pathToFileURL } from "node:url";
import { coreErrors } from "../../errors/core-errors.js";
import { fail, isFairleadError } from "../../errors/fairlead-error.js";
import { toDatabase, type Database } from "./database.js";
import { createSchema, requireWhole, versionOf } from "./open.js";
import { toStoreError } from "./problems.js";

/** Reads where nothing may be written: changes nothing and makes nothing. */
export interface Reader {
  /** What is not there, or is not a journal yet, reads as an empty one. Throws `STORE_NOT_READABLE`. */
  read<Result>(work: (database: Database) => Result): Result;
  close(): void;
}

/** A file that somebody begins to write while it is read is read again this often. */
const mostAttempts = 5;

export function createReader({ DatabaseSync }: typeof Sqlite, store: string, path: string): Reader {
  let empty: Database | undefined;
  let live: Database | undefined;

  const nothing = (): Database => {
    if (empty === undefined) {
      empty = toDatabase(new DatabaseSync(":memory:"));
      createSchema(store, empty);
    }
    return empty;
  };

  /** Beside processes that write: they have made the files that SQLite needs for it. */
  const openLive = (): Database | undefined => {
    const database = toDatabase(new DatabaseSync(path, { readOnly: true }));
    try {
      requireWhole(store, path, database);
      if (versionOf(store, database) > 0) return database;
      database.close();
      return undefined;
    } catch (error) {
      database.close();
      throw error;
    }
  };

  /** Where nobody writes, the file alone is the journal. SQLite takes it that it stays as it is, so that has to be proved. */
  const readSnapshot = <Result>(work: (database: Database) => Result): Result => {
    for (let attempt = 1; ; attempt += 1) {
      const before = markOf(path);
      const url = pathToFileURL(path);
      url.searchParams.set("immutable", "1");
      const database = toDatabase(new DatabaseSync(url, { readOnly: true }));
      try {
        requireWhole(store, path, database);
        const result = work(versionOf(store, database) > 0 ? database : nothing());
        if (before !== undefined && markOf(path) === before) return result;
      } finally {
        database.close();
      }
      if (attempt >= mostAttempts) throw fail(coreErrors, "STORE_UNAVAILABLE", { store, problem: "it is being written." });
    }
  };

  return {
    read(work) {
      if (statSync(path, { throwIfNoEntry: false }) === undefined) return work(nothing());
      if (live !== undefined) return work(live);
      try {
        live = openLive();
        return work(live ?? nothing());
      } catch (error) {
        if (!isRefused(store, error)) throw error;
      }
      try {
        if (markOf(path) !== undefined) return readSnapshot(work);
      } catch (error) {
        if (!isRefused(store, error)) throw error;
      }
      const problem = "its newest commits are in a file beside it that this process cannot open, or it cannot be opened itself.";
      throw fail(coreErrors, "STORE_NOT_READABLE", { store, problem });
    },
    close() {
      live?.close();
      empty?.close();
      live = undefined;
      empty = undefined;
    },
  };
}

/** Changes with every change of the file; `undefined` where its newest commits are beside it. */
function markOf(path: string): string | undefined {
  if ((statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0) return undefined;
  const { mtimeMs, size, ino } = statSync(path);
  return `${String(ino)} ${String(mtimeMs)} ${String(size)}`;
}

function isRefused(store: string, error: unknown): boolean {
  return isFairleadError(toStoreError(store, error), "STORE_NOT_WRITABLE");
}
