import type { Clock, Logger, MigrationFinding } from "@fairlead/core";
import type { Session } from "../connection/session.js";
import type { MigrationFile } from "../folder/migration-file.js";
import type { Ledger } from "../ledger/ledger.js";
import type { Difference } from "../snapshot/differences.js";
import { findServerWide } from "./server-wide.js";
import type { VerifiedMigration } from "./verification.js";

/** What is tried, and with what. */
export interface Rehearsal {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly log: Logger;
  readonly redact: (text: string) => string;
  /** How the folder is called in what is said about all of it. */
  readonly folder: string;
  /** What has been applied, in the order in which it was. */
  readonly applied: readonly MigrationFile[];
  /** Names of what has been applied and is not in the folder. */
  readonly ahead: readonly string[];
  /** In the folder's order. */
  readonly pending: readonly MigrationFile[];
}

/** What came of it. */
export interface Rehearsed {
  readonly findings: readonly MigrationFinding[];
  readonly migrations: readonly VerifiedMigration[];
  readonly drift: readonly Difference[];
  readonly schema: string | null;
}

/** Where it is tried. */
export interface Place {
  readonly scratch: Session;
  /** A connection to the real database, which is only asked; none where the scratch database is a copy of it, rows and all. */
  readonly real: Session | undefined;
  /** Whether that is on another server. */
  readonly elsewhere?: boolean;
}

/** The file that may reach beyond its database, if there is one: then nothing is tried. */
export function reachingOut({ applied, pending }: Rehearsal, isCopy: boolean): string | undefined {
  for (const { path, text } of isCopy ? pending : [...applied, ...pending]) {
    const found = findServerWide(text);
    if (found !== undefined) return `${path} may reach beyond its database ("${found}").`;
  }
  return undefined;
}
