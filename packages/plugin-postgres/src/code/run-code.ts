import { fail } from "@fairlead/core";
import type { MigrationFile } from "../folder/migration-file.js";
import { beginBatchesStatement } from "../ledger/batches.js";
import { applyStatement, beginStatement, recordFailure } from "../ledger/entry.js";
import type { BatchProgress, LedgerEntry } from "../ledger/ledger.js";
import { stopSteps, takeUp } from "../ledger/progress.js";
import { write } from "../ledger/write.js";
import { postgresErrors } from "../postgres-errors.js";
import { endTransaction } from "../transaction/end-transaction.js";
import { patiently } from "../transaction/patiently.js";
import type { RunOutcome, Runner } from "../transaction/runner.js";
import { cleanSession, prepareSession } from "../transaction/settings.js";
import { skipOrRefuse } from "../transaction/skip.js";
import { commit, leavingStatements, openTransaction, rollBack, rollBackAll } from "../transaction/transaction.js";
import { codeFailureOf, isOurs, isRefusal, refusedOf } from "./code-failure.js";
import { callCode } from "./database.js";
import { loadCode } from "./load-code.js";
import type { CodeMigration } from "./migration.js";
import type { Asked } from "./queries.js";

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
  const asked: Asked = new WeakMap();
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
    await callCode({ runner, file, asked }, up);
    return endTransaction(runner, file, entry.transaction);
  };
  try {
    return await patiently(runner, file.id, { work, restore: () => rollBackAll(session) });
  } catch (error) {
    if (isOurs(error)) return refusedOf(session, error);
    await rollBackAll(session);
    const failure = codeFailureOf(runner, file, error, asked);
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
    await commit(session, [beginBatchesStatement(session, place, file.checksum), ...leavingStatements(session)]);
  }
  const asked: Asked = new WeakMap();
  try {
    await callCode({ runner, file, asked, known }, up);
  } catch (error) {
    const isRefused = isRefusal(error);
    if (isOurs(error) && !isRefused) throw error;
    await rollBack(session);
    const failure = codeFailureOf(runner, file, error, asked);
    await stopSteps(session, place, "partial", failure);
    if (isRefused) throw error;
    throw fail(postgresErrors, "POSTGRES_MIGRATION_FAILED", { migration: file.id, ...failure, undone: false, kept: 0 });
  }
  await write(session, applyStatement(ledger, file.id));
  return "applied";
}
