import { fail } from "@fairlead/core";
import type { MigrationFile } from "../folder/migration-file.js";
import { applyStatement, beginStatement } from "../ledger/entry.js";
import { postgresErrors } from "../postgres-errors.js";
import type { RunOutcome, Runner } from "./run-migration.js";
import { skipOrRefuse } from "./skip.js";

/**
 * Runs a file whose one statement cannot run in a transaction. That it begins is written down before, that it has ended behind it: between the two nobody can say what is in effect. It waits for
 * its locks as long as it has to: what is given up in the middle, such as `CREATE INDEX CONCURRENTLY`, leaves something behind.
 */
export async function runAlone({ session, ledger, run }: Runner, file: MigrationFile): Promise<RunOutcome> {
  // Through a pooler these settings would reach others.
  if (session.pooled) throw fail(postgresErrors, "POSTGRES_POOLED", { migration: file.id, database: session.address.name });
  await session.run(
    `set statement_timeout = 0; set lock_timeout = 0; ${session.looksAfterClient ? "set client_connection_check_interval = 500" : ""}`,
  );
  const [entry] = (await session.run(beginStatement(session, ledger, file, run))).at(-1) ?? [];
  if (entry === undefined) return skipOrRefuse({ session, ledger }, file);
  await session.runOne(file.text);
  await session.ask(applyStatement(session, ledger, file.id));
  return "applied";
}
