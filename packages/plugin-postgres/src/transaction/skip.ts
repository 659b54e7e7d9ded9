import { fail } from "@fairlead/core";
import type { MigrationFile } from "../folder/migration-file.js";
import { readEntry } from "../ledger/read-ledger.js";
import { unfinishedFinding } from "../ledger/unfinished.js";
import { postgresErrors } from "../postgres-errors.js";
import type { Runner } from "./runner.js";

/** What it means that a migration has an entry already: it has been applied, or nobody knows what came of it. */
export async function skipOrRefuse({ session, ledger }: Pick<Runner, "session" | "ledger">, file: MigrationFile): Promise<"skipped"> {
  const entry = await readEntry(session, ledger, file.id);
  if (entry?.state === "running")
    throw fail(postgresErrors, "POSTGRES_MIGRATIONS_INVALID", { problems: [unfinishedFinding(ledger, entry)] });
  if (entry?.checksum !== file.checksum) throw fail(postgresErrors, "POSTGRES_MIGRATION_CHANGED", { migration: file.id, file: file.path });
  return "skipped";
}
