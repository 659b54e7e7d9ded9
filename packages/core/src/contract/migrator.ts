import type { CallOptions, DeploymentCall } from "./call.js";
import type { MigrationPhase, MigrationReference } from "./release.js";

/**
 * Whether the release that serves now works on the schema after the pending `expand` migrations. `code-only`: yes, rolling back is moving code.
 * `needs-down`: only after reverting migrations, which a person decides. `irreversible`: not at all.
 */
export type SchemaCompatibility = "code-only" | "needs-down" | "irreversible";

export interface MigrationFinding {
  readonly severity: "warning" | "error";
  readonly migration: string;
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
}

export interface PendingMigration extends MigrationReference {
  /** What it does, for a person; no data values. */
  readonly summary?: string;
  /** Why it is not `code-only`, where it is not. */
  readonly compatibility: SchemaCompatibility;
}

export interface MigrationPlan {
  /** All migrations in the folder, in order. They belong to the release. */
  readonly all: readonly MigrationReference[];
  /** Those that the database has not seen, in the order in which they will run. */
  readonly pending: readonly PendingMigration[];
  /** Those that the database has seen and the folder lacks: an older release meets a newer schema. Tolerated, shown as a warning. */
  readonly ahead: readonly string[];
  readonly compatibility: SchemaCompatibility;
  /** An `error` stops a deployment before it begins, e.g. an applied migration whose text has changed. */
  readonly findings: readonly MigrationFinding[];
}

export interface AppliedMigrations {
  readonly applied: readonly { readonly id: string; /** In milliseconds. */ readonly duration: number }[];
}

/** Changes a schema in order. `apply` is safe to call again: what is applied is skipped, proven by its checksum. */
export interface Migrator {
  readonly description: string;
  /** Reads folder and database; changes nothing. Rejects with a retryable error when the database does not answer. */
  plan(call: CallOptions): Promise<MigrationPlan>;
  /** Proves before anything is deployed that the pending migrations can run; changes nothing that is in use. */
  verify(call: CallOptions): Promise<readonly MigrationFinding[]>;
  /**
   * Applies pending migrations of a phase, in order, each recorded with the deployment that applied it. Only those named in `migrations`, whose checksums must still
   * be the same: what was approved is what runs. One that fails leaves the ones before it applied and says where it stopped.
   */
  apply(
    input: { readonly phase: MigrationPhase; readonly migrations: readonly MigrationReference[]; readonly release: string },
    call: DeploymentCall,
  ): Promise<AppliedMigrations>;
  /** Reverts migrations by name, newest first. A person's explicit decision; never called by an automatic rollback. */
  revert?(input: { readonly migrations: readonly string[] }, call: DeploymentCall): Promise<AppliedMigrations>;
}
