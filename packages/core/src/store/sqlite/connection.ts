import { statSync } from "node:fs";
import { coreErrors } from "../../errors/core-errors.js";
import { fail, isFairleadError } from "../../errors/fairlead-error.js";
import type { Clock } from "../../time/clock.js";
import { formatMilliseconds } from "../../time/duration.js";
import type { Database } from "./database.js";
import { identityOf, requireWritablePath } from "./file.js";
import { loadSqlite, openDatabase } from "./open.js";
import { isBusy, toStoreError } from "./problems.js";
import { createReader, type Reader } from "./reader.js";

/** The way to a file: opened with the first use, and patient with other processes without ever blocking this one. */
export interface Connection {
  /**
   * Runs `work` at once when the file is open. While others are in the way it is run again, until it worked. Makes no file: one that is not there reads as an empty journal, and one that may not be written
   * is read as far as that can be done without writing. Throws `STORE_NOT_READABLE`.
   */
  read<Result>(work: (database: Database) => Result): Promise<Result>;
  /** Like `read`, with `work` as one transaction. */
  write<Result>(work: (database: Database) => Result): Promise<Result>;
  /** Rejects if it could not be written now; writes nothing. */
  requireWritable(): Promise<void>;
  /** Changes when another connection has committed; `undefined` when it cannot be told. */
  dataVersion(): number | undefined;
  /** What is under way or comes later rejects with `STORE_CLOSED`. Idempotent. */
  close(): Promise<void>;
}

export function createConnection(options: {
  readonly store: string;
  readonly path: string;
  readonly clock: Clock;
  /** How long others may be in the way, in milliseconds. */
  readonly patience: number;
}): Connection {
  const { store, path, clock, patience } = options;
  const closed = new AbortController();
  let reader: Reader | undefined;
  let isReadOnly = false;
  let opening: Promise<Database> | undefined;
  let opened: { readonly database: Database; readonly identity: string | undefined } | undefined;

  const open = (): Promise<Database> => {
    opening ??= openDatabase(store, path).then(
      (database) => {
        opened = { database, identity: identityOf(path) };
        return database;
      },
      (error: unknown) => {
        opening = undefined;
        throw error;
      },
    );
    return opening;
  };

  // At once: who follows from here on must not begin behind what is committed while it looks.
  const isThere = (): boolean => {
    try {
      statSync(path);
      return true;
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
      throw error;
    }
  };

  const openOrRead = async <Result>(work: (database: Database) => Result): Promise<Result> => {
    if (opened !== undefined) return work(opened.database);
    if (!isReadOnly && isThere()) {
      try {
        return work(await open());
      } catch (error) {
        if (!isFairleadError(toStoreError(store, error), "STORE_NOT_WRITABLE")) throw error;
        isReadOnly = true;
      }
    }
    closed.signal.throwIfAborted();
    reader ??= createReader(loadSqlite(store), store, path);
    return reader.read(work);
  };

  const patiently = async <Result>(attemptOnce: () => Promise<Result>): Promise<Result> => {
    const startedAt = clock.now();
    for (let attempt = 0; ; attempt += 1) {
      try {
        closed.signal.throwIfAborted();
        return await attemptOnce();
      } catch (error) {
        if (!isBusy(error)) throw toStoreError(store, error);
        const waited = clock.now() - startedAt;
        if (waited >= patience) {
          const problem = `others have kept it for ${formatMilliseconds(waited)}.`;
          throw fail(coreErrors, "STORE_UNAVAILABLE", { store, problem }, { cause: error });
        }
        await clock.sleep(pauseBefore(attempt), { signal: closed.signal });
      }
    }
  };

  return {
    read: (work) => patiently(() => openOrRead(work)),
    write: (work) =>
      patiently(async () => {
        const database = await open();
        closed.signal.throwIfAborted();
        // SQLite would go on with a file that has no name any more, beside a process that has made a new one.
        if (identityOf(path) !== opened?.identity) throw fail(coreErrors, "STORE_REPLACED", { store });
        return database.transaction(() => work(database));
      }),
    requireWritable: () =>
      patiently(async () => {
        if (isThere()) await open();
        await requireWritablePath(path);
      }),
    dataVersion: () => {
      try {
        // Somebody else may make or change a file that is not open here.
        if (opened === undefined) return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
        return opened.database.first<{ readonly data_version: number }>("PRAGMA data_version")?.data_version;
      } catch {
        return undefined;
      }
    },
    close: async () => {
      closed.abort(fail(coreErrors, "STORE_CLOSED", { store }));
      await opening?.catch(() => undefined);
      opened?.database.close();
      opened = undefined;
      reader?.close();
      reader = undefined;
    },
  };
}

/** In milliseconds: 1 to 2, 2 to 4, … at most 16 to 32. Others hold the file for less than a millisecond at a time. */
function pauseBefore(attempt: number): number {
  return 2 ** Math.min(attempt, 4) * (1 + Math.random());
}
