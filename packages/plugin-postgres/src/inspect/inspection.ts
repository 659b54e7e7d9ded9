import type { MigrationPhase, SchemaCompatibility } from "@fairlead/core";
import type { LockMode } from "../locks/lock-mode.js";

/** `error` stops a deployment, `warning` is shown, `note` is said where somebody asks. */
export type Severity = "error" | "warning" | "note";

/** Something that there is to say about a statement of a migration. */
export interface InspectionFinding {
  /** The rule's id; they are in docs/lint.md. */
  readonly rule: string;
  readonly severity: Severity;
  /** As the folder was named, with the file's name. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;
  readonly message: string;
  readonly why: string;
  /** What to write instead. */
  readonly recipe: string;
  /** Where it is mechanical: what to put in the place of the file's characters from `start` to `end` (indexes of its text as a string, with line feeds only). */
  readonly fix?: { readonly start: number; readonly end: number; readonly text: string };
}

/** A lock that a statement takes on a table or view that is there before it. */
export interface InspectedLock {
  readonly relation: string;
  /** As in `pg_locks`, without `Lock` at its end. */
  readonly mode: LockMode;
  /** What others cannot do meanwhile. */
  readonly blocks: string;
  /** How many rows the server believes the table has; only where a database was asked. */
  readonly rows?: number;
}

export interface InspectedStatement {
  readonly line: number;
  /** Its first words, without values. */
  readonly summary: string;
  readonly locks: readonly InspectedLock[];
  /** Tables that are written anew. */
  readonly rewrites: readonly string[];
}

/** What a migration does to those who use the database. */
export interface Inspection {
  readonly id: string;
  readonly path: string;
  /** In which it runs. */
  readonly phase: MigrationPhase;
  /** Whether its file says so; where it says nothing it expands. */
  readonly declared: boolean;
  /** What its statements do: drop, rename, retype or restrict what the release before knows (`contract`), only change rows (`backfill`), or else (`expand`). `null` for code, and for what cannot be read. */
  readonly inferred: MigrationPhase | null;
  /** Whether it runs in one transaction. */
  readonly transaction: boolean;
  /** Whether the release before can simply be put back afterwards; `unknown` where the file cannot be read and does not say it. */
  readonly compatibility: SchemaCompatibility | "unknown";
  readonly statements: readonly InspectedStatement[];
  readonly findings: readonly InspectionFinding[];
}
