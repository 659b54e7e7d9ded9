import { fail } from "@fairlead/core";
import { runCode } from "../code/run-code.js";
import { readServerError, wantsNoTransaction } from "../connection/server-error.js";
import type { MigrationFile } from "../folder/migration-file.js";
import { recordFailure } from "../ledger/entry.js";
import type { LedgerEntry } from "../ledger/ledger.js";
import { stopSteps } from "../ledger/progress.js";
import { postgresErrors } from "../postgres-errors.js";
import { failureOf } from "../transaction/failure-of.js";
import { patiently } from "../transaction/patiently.js";
import type { RunOutcome, Runner } from "../transaction/runner.js";
import { cleanSession, prepareSession } from "../transaction/settings.js";
import { refuseThroughPooler } from "../transaction/through-pooler.js";
import { rollBack, rollBackAll } from "../transaction/transaction.js";
import { wayOf, type Way } from "../transaction/way.js";
import { runAtOnce } from "./run-at-once.js";
import { runInTransaction } from "./run-in-transaction.js";
import { runSteps } from "./run-steps.js";
import type { Stopped } from "./steps.js";

/**
 * Runs a migration and writes it down, and leaves the session as it was: nothing that a file sets is there for the next one. `entry` is what the ledger has of it already. Rejects with what is wrong with the
 * migration, or with why it cannot be said what came of it.
 */
export async function runMigration(runner: Runner, file: MigrationFile, entry?: LedgerEntry): Promise<RunOutcome> {
  if (file.code) return runCode(runner, file, entry);
  const { session, lockTimeout } = runner;
  const way = await wayOf(file, entry);
  await refuseThroughPooler(session, file, way);
  await prepareSession(session, lockTimeout);
  const outcome = await (way.kind === "steps" ? runUnits(runner, file, way, entry) : runWhole(runner, file, way, entry));
  if (!session.pooled && way.kind === "steps") await cleanSession(session);
  return outcome;
}

async function runWhole(
  runner: Runner,
  file: MigrationFile,
  { text, loose, skipped, begin }: Extract<Way, { kind: "transaction" }>,
  entry: LedgerEntry | undefined,
): Promise<RunOutcome> {
  const { session, ledger, run, clock } = runner;
  const begun = clock.now();
  const atOnce = !loose && session.own !== undefined && entry === undefined && begin === undefined;
  const work = (): Promise<RunOutcome> => (atOnce ? runAtOnce(runner, file, text) : runInTransaction(runner, file, { text, begin }));
  const restore = (): Promise<void> => rollBackAll(session);
  try {
    return await patiently(runner, file.id, { work, restore });
  } catch (error) {
    const server = readServerError(error);
    if (server === undefined) throw error;
    const failure = await failureOf(runner, file, server, skipped);
    await restore();
    const undone = await recordFailure(session, ledger, file, { run, failure, took: clock.now() - begun });
    if (undone && wantsNoTransaction(server))
      throw fail(postgresErrors, "POSTGRES_MIGRATION_NEEDS_NO_TRANSACTION", {
        migration: file.id,
        at: failure.at,
        problem: failure.problem,
      });
    throw fail(postgresErrors, "POSTGRES_MIGRATION_FAILED", { migration: file.id, ...failure, undone, kept: 0 });
  }
}

async function runUnits(
  runner: Runner,
  file: MigrationFile,
  { units }: Extract<Way, { kind: "steps" }>,
  entry: LedgerEntry | undefined,
): Promise<RunOutcome> {
  const { session, ledger } = runner;
  const stopped: Stopped = { done: 0, known: true };
  const steps = { ledger, id: file.id, file, units };
  try {
    return await runSteps(runner, steps, entry, stopped);
  } catch (error) {
    const server = readServerError(error);
    if (server === undefined) throw error;
    const failure = await failureOf(runner, file, server);
    const { done, known } = stopped;
    await rollBack(session);
    await stopSteps(session, steps, known ? (done > 0 ? "partial" : "failed") : "running", failure);
    throw fail(postgresErrors, "POSTGRES_MIGRATION_FAILED", {
      migration: file.id,
      ...failure,
      undone: known && done === 0,
      kept: known ? done : 0,
    });
  }
}
