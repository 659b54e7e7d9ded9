import type { MigrationFinding } from "@fairlead/core";
import type { LockMode } from "../locks/lock-mode.js";
import type { Difference } from "../snapshot/differences.js";

/** A lock that a statement took on a table or view that was there before its file. */
export interface ObservedLock {
  readonly relation: string;
  /** As in `pg_locks`, without `Lock` at its end. */
  readonly mode: LockMode;
  /** What its text and those before it let expect; `null` for none. */
  readonly foreseen: LockMode | null;
}

export interface ObservedStatement {
  readonly line: number;
  /** Its first words, without values. */
  readonly summary: string;
  /** Those that no statement before it in its file had taken already. */
  readonly locks: readonly ObservedLock[];
  /** Tables that it wrote anew, and whether its text lets that expect. */
  readonly rewrites: readonly { readonly relation: string; readonly foreseen: boolean }[];
}

/**
 * `none`: it has none. `returns`: back and there again, the schema was the same each time. `differs`: it was not. `fails`: it could not be taken back, or not be applied again. `untried`: because something newer
 * could not be taken back, because it may reach beyond its database, or because nothing was tried.
 */
export type WayBack = "none" | "returns" | "differs" | "fails" | "untried";

/** What came of a pending migration where it was tried. */
export interface VerifiedMigration {
  readonly id: string;
  readonly path: string;
  readonly outcome: "runs" | "fails" | "untried";
  /** What its statements were seen to do; empty for what does not run in one transaction, where nobody can look between them. */
  readonly statements: readonly ObservedStatement[];
  readonly wayBack: WayBack;
}

/** What was proved of the pending migrations, and where. */
export interface Verification {
  /** `beside`: on an empty database beside the real one. `elsewhere`: on one of another server. `template`: on a copy of the real one. `none`: nowhere, the findings say why; or there was nothing to try. */
  readonly shadow: "beside" | "elsewhere" | "template" | "none";
  /** Everything that there is to say, that of the plan too. An `error` stops a deployment. */
  readonly findings: readonly MigrationFinding[];
  /** The pending ones, in the order in which they run. */
  readonly migrations: readonly VerifiedMigration[];
  /** Where the real database is not what its migrations make; empty where that was not looked at. */
  readonly drift: readonly Difference[];
  /** `sha256:<hex>` of the schema that all migrations make; `null` where they were not tried to their end. */
  readonly schema: string | null;
}
