import { fail } from "@fairlead/core";
import type { MigrationFile } from "../folder/migration-file.js";
import { applyStatement, beginStatement, recordFailure } from "../ledger/entry.js";
import { postgresErrors } from "../postgres-errors.js";
import type { RunOutcome, Runner } from "./run-migration.js";
import { skipOrRefuse } from "./skip.js";
import { closeTransaction, endingStatements, openTransaction, rollBack } from "./transaction.js";

/**
 * Runs a file and writes it down in one transaction. The entry comes first: as long as the transaction of another process has it, also of one that is gone and whose server has not noticed
 * yet, nothing of the file runs. Should the file end the transaction, the entry says that it began.
 */
export async function runInTransaction(
  runner: Runner,
  file: MigrationFile,
  { text, begin }: { readonly text: string; readonly begin?: string | undefined },
): Promise<RunOutcome> {
  const { session, ledger, run, lockTimeout } = runner;
  const entry = await openTransaction<{ transaction: string }>(session, {
    begin,
    lockTimeout,
    ledger: beginStatement(session, ledger, file, run),
  });
  if (entry === undefined) {
    await rollBack(session);
    return skipOrRefuse(runner, file);
  }
  await session.runFile(text);
  const ending = [...endingStatements(session), applyStatement(ledger, file.id)];
  const ended = await session.run<{ transaction: string }>(ending.join("; "));
  const [applied] = ended.at(-1) ?? [];
  await session.run("commit");
  closeTransaction(session);
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
