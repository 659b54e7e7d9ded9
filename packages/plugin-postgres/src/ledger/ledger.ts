import type { Json } from "@fairlead/core";

/**
 * `applied`: all of it is in effect. `failed`: nothing of it is, and it may run again. `reverted`: nothing is any more. `partial`: as many of its statements as are counted are in effect, and it may go on behind them. `running`: it began
 * outside of a transaction of ours and did not report its end: it runs, or it was cut off.
 */
export type LedgerState = "running" | "applied" | "failed" | "partial" | "reverted";

export interface LedgerEntry {
  readonly id: string;
  readonly checksum: string;
  readonly state: LedgerState;
  /** Where and in which process it was begun. */
  readonly runner: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Where it failed and why, if it reported that. */
  readonly failure: string | null;
  /** How far it came, of what runs statement by statement. */
  readonly progress: Progress | null;
}

export interface Progress {
  /** How many of its statements are in effect. */
  readonly done: number;
  /** `sha256:<hex>` of these. */
  readonly checksum: string;
  /** The one that runs outside of a transaction, or was cut off. */
  readonly attempt: Attempt | null;
  /** Of what runs batch by batch: how far each of these came, by their names. */
  readonly batches?: Readonly<Record<string, BatchProgress>>;
}

/** How far batches came. */
export interface BatchProgress {
  /** What the last one answered; handed to the next. */
  readonly after: Json;
  /** How many have taken effect. */
  readonly count: number;
  readonly done: boolean;
}

export interface Attempt {
  /** Its number in the file, from 1. */
  readonly statement: number;
  /** Stands before its text at the server, so that it can be seen whether that works on it. */
  readonly mark: string;
  /** The indexes (of its table, or all that are invalid) that were there before. */
  readonly indexes: readonly number[];
  /** Whether only a person can say what came of it. */
  readonly unknown: boolean;
}

/** Where it is written down which migrations of an application a database has seen. */
export interface Ledger {
  readonly schema: string;
  readonly application: string;
  /** What becomes of a file that comes before one that was applied. Default `warn`. */
  readonly outOfOrder?: OutOfOrder;
}

/** `warn` says it and applies, `apply` applies, `refuse` stops. */
export type OutOfOrder = "warn" | "refuse" | "apply";

/** Names of schemas are plain: see the options. */
export function tableOf({ schema }: Ledger): string {
  return `"${schema}".migrations`;
}
