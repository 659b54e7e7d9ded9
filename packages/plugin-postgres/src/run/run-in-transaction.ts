import type { MigrationFile } from "../folder/migration-file.js";
import { beginStatement } from "../ledger/entry.js";
import { endTransaction } from "../transaction/end-transaction.js";
import type { RunOutcome, Runner } from "../transaction/runner.js";
import { skipOrRefuse } from "../transaction/skip.js";
import { openTransaction, rollBack } from "../transaction/transaction.js";

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
  return endTransaction(runner, file, entry.transaction);
}
