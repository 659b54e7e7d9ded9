import { fail } from "@fairlead/core";
import type { MigrationFile } from "../folder/migration-file.js";
import type { LedgerEntry, LedgerState } from "../ledger/ledger.js";
import { postgresErrors } from "../postgres-errors.js";
import type { RepairDecisions } from "./repair.js";

/** The states that a decision may change; what is as it says already may be said again. */
const changes: Readonly<Record<keyof RepairDecisions, readonly LedgerState[]>> = {
  edited: ["applied"],
  applied: ["running", "partial", "failed", "applied"],
  failed: ["running", "partial", "failed"],
};

/** Throws `POSTGRES_MIGRATION_UNKNOWN` for a name that neither folder nor ledger has, and `POSTGRES_REPAIR_REFUSED` where an entry is not what a decision is about. */
export function refuseUnfit(
  decisions: RepairDecisions,
  {
    files,
    entries,
    folder,
  }: { readonly files: readonly MigrationFile[]; readonly entries: readonly LedgerEntry[]; readonly folder: string },
): void {
  for (const decision of ["edited", "applied", "failed"] as const)
    for (const migration of decisions[decision] ?? []) {
      const isFile = files.some(({ id }) => id === migration);
      const state = entries.find(({ id }) => id === migration)?.state;
      if (!isFile && (state === undefined || decision === "edited"))
        throw fail(postgresErrors, "POSTGRES_MIGRATION_UNKNOWN", { migration, folder });
      if (state === undefined || !changes[decision].includes(state))
        throw fail(postgresErrors, "POSTGRES_REPAIR_REFUSED", { migration, decision, state: state ?? "pending" });
    }
}
