import { readServerError } from "../connection/server-error.js";
import type { MigrationFile } from "../folder/migration-file.js";
import { applyStatement, firstStatement } from "../ledger/entry.js";
import type { RunOutcome, Runner } from "../transaction/runner.js";
import { skipOrRefuse } from "../transaction/skip.js";
import { endingStatements } from "../transaction/transaction.js";

/**
 * Runs a file that has no entry yet and writes it down, in one transaction and in one message to the server. The entry comes first, as `runInTransaction` says. For sessions that are prepared, and for
 * texts without statements that end a transaction.
 */
export async function runAtOnce(runner: Runner, file: MigrationFile, text: string): Promise<RunOutcome> {
  const { session, ledger, run } = runner;
  const before = `begin; ${firstStatement(session, ledger, file, run)};\n`;
  const after = `\n;${[...endingStatements(session), applyStatement(ledger, file.id), "commit"].join("; ")}`;
  try {
    await session.runFile(text, { before, count: 2, after });
    return "applied";
  } catch (error) {
    const server = readServerError(error);
    const hasEntry = server?.code === "23505" && server.statement === undefined;
    if (!hasEntry) throw error;
    await session.ask("rollback");
    return skipOrRefuse(runner, file);
  }
}
