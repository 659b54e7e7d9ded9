import type { SchemaCompatibility } from "@fairlead/core";
import type { InspectedLock, InspectionFinding } from "../inspect/inspection.js";
import type { Difference } from "../snapshot/differences.js";

/** A statement of a diff, and what is to be thought of before it is run. */
export interface DiffStatement {
  readonly sql: string;
  readonly locks: readonly InspectedLock[];
  /** Tables that are written anew. */
  readonly rewrites: readonly string[];
  /** What the rules of lint have against it: data that is lost, what the release before misses, what others wait for. */
  readonly findings: readonly InspectionFinding[];
}

/** What makes one schema of another. */
export interface SchemaDiff {
  /** `host:port/database`, or the folder. */
  readonly from: string;
  readonly to: string;
  readonly statements: readonly DiffStatement[];
  /** All of it as the text of a migration; empty where there is nothing to do. */
  readonly sql: string;
  /** Whether the release before could simply be put back behind it. */
  readonly compatibility: SchemaCompatibility | "unknown";
  /** `proved`: on a scratch database it made what was to be made. `wrong`: it did not. `untried`: there was none. */
  readonly proof: "proved" | "wrong" | "untried";
  /** Why it is not proved; `null` where it is. */
  readonly problem: string | null;
  /** What would still differ behind it. */
  readonly left: readonly Difference[];
  /** What is not looked at, in words: kinds of objects that differ perhaps. */
  readonly unwritten: readonly string[];
  /** Ledgers of other tools that are left out, as `public.schema_migrations`. */
  readonly leftOut: readonly string[];
  /** Of the folder and the database: the folder's migrations that are not applied there: what they do is part of what differs. Empty where others are compared, or where it cannot be told. */
  readonly pending: readonly string[];
}

/** Which two are compared: the folder with all of its migrations, the database itself, or another one by its address. */
export interface DiffOptions {
  /** Default `"folder"`. */
  readonly from?: string;
  /** Default `"database"`. */
  readonly to?: string;
}
