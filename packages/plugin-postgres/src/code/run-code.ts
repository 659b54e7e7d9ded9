import { fail, isFairleadError } from "@fairlead/core";
import { readServerError } from "../connection/server-error.js";
import type { Session } from "../connection/session.js";
import type { MigrationFile } from "../folder/migration-file.js";
import { applyStatement, beginStatement, recordFailure, type MigrationFailure } from "../ledger/entry.js";
import { beginBatchesStatement } from "../ledger/batches.js";
import type { BatchProgress, LedgerEntry } from "../ledger/ledger.js";
import { stopSteps, takeUp } from "../ledger/progress.js";
import { revertedStatement, revertStatement } from "../ledger/records.js";
import { write } from "../ledger/write.js";
import { postgresErrors } from "../postgres-errors.js";
import { endTransaction } from "../transaction/end-transaction.js";
import { shorten } from "../transaction/locate.js";
import { patiently } from "../transaction/patiently.js";
import type { RunOutcome, Runner } from "../transaction/runner.js";
import { cleanSession, prepareSession } from "../transaction/settings.js";
import { skipOrRefuse } from "../transaction/skip.js";
import {
  closeTransaction,
  endingStatements,
  leavingStatements,
  openTransaction,
  rollBack,
  rollBackAll,
} from "../transaction/transaction.js";
import { runBatches } from "./batches.js";
import { loadCode } from "./load-code.js";
import type { CodeMigration, MigrationDatabase, MigrationQueries } from "./migration.js";
import { queriesOf, queriesWithin, type Asked } from "./queries.js";
import { queriesThroughPooler } from "./through-pooler.js";

/** Runs a migration that is written in TypeScript or JavaScript and writes it down; otherwise as `runMigration`. */
export async function runCode(runner: Runner, file: MigrationFile, entry: LedgerEntry | undefined): Promise<RunOutcome> {
  const { session, lockTimeout } = runner;
  const code = await loadCode(file);
  await prepareSession(session, lockTimeout);
  // What has begun to run piece by piece goes on so.
  const isWhole = file.transaction && (entry?.progress ?? null) === null;
  if (isWhole) return runWhole(runner, file, code);
  const outcome = await runInPieces(runner, file, code, entry);
  if (!session.pooled) await cleanSession(session);
  return outcome;
}

async function runWhole(runner: Runner, file: MigrationFile, { up }: CodeMigration): Promise<RunOutcome> {
  const { session, ledger, run, lockTimeout, clock } = runner;
  const asked: Asked = { sql: null };
  const begun = clock.now();
  const work = async (): Promise<RunOutcome> => {
    const entry = await openTransaction<{ transaction: string }>(session, {
      lockTimeout,
      ledger: beginStatement(session, ledger, file, run),
    });
    if (entry === undefined) {
      await rollBack(session);
      return skipOrRefuse(runner, file);
    }
    await up(databaseOf(runner, file, asked));
    return endTransaction(runner, file, entry.transaction);
  };
  try {
    return await patiently(runner, file.id, { work, restore: () => rollBackAll(session) });
  } catch (error) {
    if (isOurs(error)) return refusedOf(session, error);
    await rollBackAll(session);
    const failure = failureOf(runner, file, error, asked);
    const undone = await recordFailure(session, ledger, file, { run, failure, took: clock.now() - begun });
    throw fail(postgresErrors, "POSTGRES_MIGRATION_FAILED", { migration: file.id, ...failure, undone, kept: 0 });
  }
}

async function runInPieces(
  runner: Runner,
  file: MigrationFile,
  { up }: CodeMigration,
  entry: LedgerEntry | undefined,
): Promise<RunOutcome> {
  const { session, ledger, run, lockTimeout } = runner;
  const place = { ledger, id: file.id };
  const known: Record<string, BatchProgress> = { ...entry?.progress?.batches };
  if (entry?.state === "partial" || entry?.state === "running") await takeUp(session, place, run, file.checksum);
  else {
    const begun = await openTransaction(session, { lockTimeout, ledger: beginStatement(session, ledger, file, run) });
    if (begun === undefined) {
      await rollBack(session);
      return skipOrRefuse(runner, file);
    }
    await session.run([beginBatchesStatement(session, place, file.checksum), ...leavingStatements(session), "commit"].join("; "));
    closeTransaction(session);
  }
  const asked: Asked = { sql: null };
  try {
    await up(databaseOf(runner, file, asked, known));
  } catch (error) {
    const isRefused = isRefusal(error);
    if (isOurs(error) && !isRefused) throw error;
    await rollBack(session);
    const failure = failureOf(runner, file, error, asked);
    await stopSteps(session, place, "partial", failure);
    if (isRefused) throw error;
    throw fail(postgresErrors, "POSTGRES_MIGRATION_FAILED", { migration: file.id, ...failure, undone: false, kept: 0 });
  }
  await write(session, applyStatement(ledger, file.id));
  return "applied";
}

/** Takes a migration back with its own `down`, in one transaction. Rejects with `POSTGRES_NO_WAY_BACK` where it has none. */
export async function revertCode(runner: Runner, file: MigrationFile): Promise<void> {
  const { session, ledger, run, lockTimeout } = runner;
  const { down } = await loadCode(file);
  if (down === undefined) throw fail(postgresErrors, "POSTGRES_NO_WAY_BACK", { migration: file.id });
  await prepareSession(session, lockTimeout);
  const asked: Asked = { sql: null };
  const work = async (): Promise<void> => {
    const entry = await openTransaction(session, { lockTimeout, ledger: revertStatement(session, ledger, file.id, run) });
    if (entry === undefined)
      throw fail(postgresErrors, "POSTGRES_MIGRATION_NOT_APPLIED", { migration: file.id, state: "no longer applied" });
    await down(databaseOf(runner, file, asked));
    const ended = await session.run([...endingStatements(session), revertedStatement(session, ledger, file.id), "commit"].join("; "));
    closeTransaction(session);
    if (ended.at(-2)?.[0] === undefined) throw takenBack(file);
  };
  try {
    await patiently(runner, file.id, { work, restore: () => rollBackAll(session) });
  } catch (error) {
    if (isOurs(error)) return refusedOf(session, error);
    await rollBackAll(session);
    throw fail(postgresErrors, "POSTGRES_MIGRATION_FAILED", {
      migration: file.id,
      ...failureOf(runner, file, error, asked),
      undone: true,
      kept: 0,
    });
  }
}

/** The way back took its own transaction back, and with it that it was gone; what it did behind that is in effect. */
function takenBack({ id, path }: MigrationFile): Error {
  const failure = { at: path, problem: "its way back ends its transaction itself, with ROLLBACK", sqlState: "25000" };
  return fail(postgresErrors, "POSTGRES_MIGRATION_FAILED", { migration: id, ...failure, statement: null, undone: false, kept: 0 });
}

function databaseOf(runner: Runner, file: MigrationFile, asked: Asked, known?: Record<string, BatchProgress>): MigrationDatabase {
  return {
    ...queriesFor(runner, file, asked, known === undefined),
    signal: runner.session.signal,
    log: (message) => {
      runner.log.info(`${file.id}: ${message}`);
    },
    batches: async (options) => {
      if (known === undefined) throw fail(postgresErrors, "POSTGRES_BATCHES_IN_TRANSACTION", { migration: file.id, path: file.path });
      return runBatches(runner, file, { known, asked }, options);
    },
  };
}

function queriesFor(runner: Runner, file: MigrationFile, asked: Asked, isWhole: boolean): MigrationQueries {
  const { session } = runner;
  if (isWhole) return queriesWithin(session, file, asked);
  return session.pooled ? queriesThroughPooler(runner, file, asked) : queriesOf(session, asked);
}

/** Says itself what is wrong, and is no failure of the migration's statements. */
function isOurs(error: unknown): boolean {
  return isFairleadError(error) && error.code !== "POSTGRES_BATCHES_IN_TRANSACTION";
}

function isRefusal(error: unknown): boolean {
  return isFairleadError(error) && error.code === "POSTGRES_POOLED";
}

/** What was refused keeps nothing of what ran before it. */
async function refusedOf(session: Session, error: unknown): Promise<never> {
  if (isRefusal(error)) await rollBackAll(session);
  throw error;
}

function failureOf(
  { redact }: Runner,
  { path }: MigrationFile,
  error: unknown,
  { sql }: Asked,
): MigrationFailure & { readonly statement: string | null } {
  const server = readServerError(error);
  const statement = server === undefined || sql === null ? null : redact(shorten(sql));
  const problem = server?.message ?? (error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  return { at: path, statement, problem: redact(problem), sqlState: server?.code ?? "none" };
}
