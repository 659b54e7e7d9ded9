import { fail, formatMilliseconds, type Clock, type Logger } from "@fairlead/core";
import { isBusy, isSeveralStatements, readServerError, wantsNoTransaction, wasRefused } from "../connection/server-error.js";
import type { Session } from "../connection/session.js";
import type { MigrationFile } from "../folder/migration-file.js";
import { placeOf } from "../folder/place.js";
import { recordFailure, type Run } from "../ledger/entry.js";
import type { Ledger } from "../ledger/ledger.js";
import { postgresErrors } from "../postgres-errors.js";
import { watchBlockers } from "./blockers.js";
import { runAlone } from "./run-alone.js";
import { runInTransaction } from "./run-in-transaction.js";

/** What migrations run with. */
export interface Runner {
  readonly session: Session;
  /** Another connection, to ask whom the session waits for; none where nobody else is. */
  readonly through?: Session;
  readonly ledger: Ledger;
  readonly run: Run;
  readonly clock: Clock;
  readonly log: Logger;
  /** Masks what is written to the ledger. */
  readonly redact: (text: string) => string;
  /** How long a statement waits for a lock before everybody behind it is let pass, in milliseconds. */
  readonly lockTimeout: number;
  /** How long a migration is tried again because of that, in milliseconds. */
  readonly patience: number;
}

/** `applied-loosely`: the file ended the transaction that it was run in. `skipped`: somebody else has just applied it. */
export type RunOutcome = "applied" | "applied-loosely" | "skipped";

/** Between two tries, in milliseconds. */
const firstPause = 100;
const longestPause = 2_000;

/**
 * Runs a migration and writes it down, and leaves the session as it was: nothing that a file sets is there for the next one. Rejects with what is wrong with the migration, or with
 * why it cannot be said what came of it.
 */
export async function runMigration(runner: Runner, file: MigrationFile): Promise<RunOutcome> {
  const { session, clock } = runner;
  const begun = clock.now();
  const outcome = await (file.transaction ? runPatiently(runner, file) : runAlone(runner, file)).catch(async (error: unknown) => {
    throw await failureOf(runner, file, { error, took: clock.now() - begun });
  });
  await session.ask("discard all");
  return outcome;
}

/** Tables that are in use are tried for again and again, briefly each time, so that nobody queues behind us for long. */
async function runPatiently(runner: Runner, file: MigrationFile): Promise<RunOutcome> {
  const { session, through, clock, log, lockTimeout, patience } = runner;
  const begun = clock.now();
  for (let tries = 1, pause = firstPause; ; tries += 1, pause = Math.min(longestPause, pause * 2)) {
    const watch = through === undefined ? undefined : watchBlockers({ session, through, clock, lockTimeout });
    try {
      return await runInTransaction(runner, file);
    } catch (error) {
      const server = readServerError(error);
      if (server === undefined || !isBusy(server)) throw error;
      await session.ask("rollback");
      await watch?.stop();
      const problem = [server.message, watch?.seen()].filter((part) => part !== undefined).join("; ");
      if (clock.now() - begun >= patience) {
        const waited = formatMilliseconds(patience);
        throw fail(postgresErrors, "POSTGRES_TABLES_BUSY", { migration: file.id, waited, tries, problem });
      }
      log.info(`${file.id}: ${problem}; trying again`, { sqlState: server.code, tries });
      await clock.sleep(pause * (0.5 + Math.random() / 2), { signal: session.signal });
    } finally {
      await watch?.stop();
    }
  }
}

/** What is wrong with the migration, after it has been written down. Anything else is handed on as it is. */
async function failureOf(
  runner: Runner,
  file: MigrationFile,
  failed: { readonly error: unknown; readonly took: number },
): Promise<unknown> {
  const { session, ledger, run, redact } = runner;
  const { error, took } = failed;
  const server = readServerError(error);
  if (server === undefined) return error;
  const failure = { at: placeOf(file, server), problem: redact(server.message), sqlState: server.code };
  if (file.transaction) await session.ask("rollback");
  // Of several statements, those before it may have been kept.
  const refused = !file.transaction && wasRefused(server);
  const undone = await recordFailure(session, ledger, file, { run, failure, took, refused });
  if (!file.transaction && isSeveralStatements(server))
    return fail(postgresErrors, "POSTGRES_MIGRATION_NOT_ONE_STATEMENT", { migration: file.id, file: file.path });
  if (file.transaction && undone && wantsNoTransaction(server))
    return fail(postgresErrors, "POSTGRES_MIGRATION_NEEDS_NO_TRANSACTION", {
      migration: file.id,
      at: failure.at,
      problem: failure.problem,
    });
  return fail(postgresErrors, "POSTGRES_MIGRATION_FAILED", { migration: file.id, ...failure, undone });
}
