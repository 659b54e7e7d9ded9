import { fail } from "@fairlead/core";
import type { MigrationFile } from "../folder/migration-file.js";
import { applyStatement, beginStatement, recordFailure } from "../ledger/entry.js";
import { postgresErrors } from "../postgres-errors.js";
import type { RunOutcome, Runner } from "./run-migration.js";
import { localSettings } from "./settings.js";
import { skipOrRefuse } from "./skip.js";

/**
 * Runs a file and writes it down in one transaction. The entry comes first: as long as the transaction of another process has it, also of one that is gone and whose server has not noticed
 * yet, nothing of the file runs. Should the file end the transaction, the entry says that it began.
 */
export async function runInTransaction(runner: Runner, file: MigrationFile, text: string): Promise<RunOutcome> {
  const { session, ledger, run, lockTimeout } = runner;
  const beginning = [
    "begin isolation level read committed",
    ...localSettings(session, lockTimeout),
    beginStatement(session, ledger, file, run),
  ];
  const began = await session.run<{ transaction: string; backend: number }>(beginning.join("; "));
  const [entry] = began.at(-1) ?? [];
  if (entry === undefined) {
    await session.ask("rollback");
    return skipOrRefuse(runner, file);
  }
  session.backend = entry.backend;
  await session.runFile(text);
  // The role that a file has put on need not be one that may write to the ledger.
  const ended = await session.run<{ transaction: string }>(`reset session authorization; reset role; ${applyStatement(ledger, file.id)}`);
  const [applied] = ended.at(-1) ?? [];
  await session.run("commit");
  if (applied === undefined) throw await takenBackFailure(runner, file);
  return applied.transaction === entry.transaction ? "applied" : "applied-loosely";
}

/** The file took its transaction back, and with it the entry; what it did behind that is in effect. */
async function takenBackFailure({ session, ledger, run }: Runner, file: MigrationFile): Promise<Error> {
  const failure = { at: file.path, problem: "it ends its transaction itself, with ROLLBACK", sqlState: "25000" };
  await session.run(beginStatement(session, ledger, file, run));
  const undone = await recordFailure(session, ledger, file, { run, failure, took: 0 });
  return fail(postgresErrors, "POSTGRES_MIGRATION_FAILED", { migration: file.id, ...failure, statement: null, undone, kept: 0 });
}
