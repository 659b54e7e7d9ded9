import type { MigrationFile } from "../folder/migration-file.js";
import type { LedgerEntry } from "./ledger.js";

/** Whether nothing is left to do for a file: what runs again when it has changed was applied as it is now. */
export function isApplied({ repeatable, checksum }: MigrationFile, entry: LedgerEntry | undefined): entry is LedgerEntry {
  return entry?.state === "applied" && (!repeatable || entry.checksum === checksum);
}
