import { fail } from "@fairlead/core";
import type { MigrationFile } from "../folder/migration-file.js";
import { applyStatement, beginStatement, recordFailure } from "../ledger/entry.js";
import { write } from "../ledger/write.js";
import { postgresErrors } from "../postgres-errors.js";
import type { RunOutcome, Runner } from "./runner.js";
import { commit, endingStatements } from "./transaction.js";

/**
 * Writes down that a migration was applied and ends its transaction; `begun` is the one that it began in. The migration may have ended that itself. Rejects with `POSTGRES_MIGRATION_FAILED` where it took it back,
 * and with it the entry.
 */
export async function endTransaction(runner: Runner, file: MigrationFile, begun: string): Promise<RunOutcome> {
  const { session, ledger } = runner;
  const ended = await commit<{ transaction: string }>(session, [...endingStatements(session), applyStatement(ledger, file.id)]);
  const [applied] = ended.at(-1) ?? [];
  if (applied === undefined) throw await takenBackFailure(runner, file);
  return applied.transaction === begun ? "applied" : "applied-loosely";
}

/** What the migration did behind its ROLLBACK is in effect. */
async function takenBackFailure({ session, ledger, run }: Runner, file: MigrationFile): Promise<Error> {
  const failure = { at: file.path, problem: "it ends its transaction itself, with ROLLBACK", sqlState: "25000" };
  await write(session, beginStatement(session, ledger, file, run));
  const undone = await recordFailure(session, ledger, file, { run, failure, took: 0 });
  return fail(postgresErrors, "POSTGRES_MIGRATION_FAILED", { migration: file.id, ...failure, statement: null, undone, kept: 0 });
}
