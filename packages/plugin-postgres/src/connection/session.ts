import type { QueryResultRow } from "pg";
import type { DatabaseAddress } from "./address.js";

/** One connection. Its methods reject with the signal's reason once that aborts. */
export interface Session {
  readonly address: DatabaseAddress;
  /** E.g. 180004. */
  readonly version: number;
  /** Whether a pooler stands between: then two transactions may run in two backends, and what is set outlives the session. */
  readonly pooled: boolean;
  /** Whether the server can look, while it works, if its client is still there. */
  readonly looksAfterClient: boolean;
  /** The signal that it was opened with. */
  readonly signal: AbortSignal;
  /** Aborts when the connection is lost. */
  readonly lost: AbortSignal;
  /** The process at the server that works for this session. Behind a pooler it is another one in every transaction, and 0 between them. */
  backend: number;
  /** Which row of `pg_stat_activity` is this session's work and nobody else's, as a condition. None while a pooler gives it no process: then nothing can be cancelled. */
  working: string | undefined;
  /** Behind a pooler what the connection was like, as JSON, when the transaction began that is open. */
  guest: string | undefined;
  /** What is asked in every transaction that changes the ledger, as a condition in SQL: an error where another process has taken over. None where the lock ends with a connection. */
  held: string | undefined;
  /** The statements that give it the settings that migrations run with, once it has them. */
  own: readonly string[] | undefined;
  /**
   * Asks something of one's own, within `patience` milliseconds (default 15 s). Rejects with an error of the catalogue. In a transaction that stays open, what was asked
   * with values keeps its snapshot until something else is asked, and whatever waits for old snapshots waits for it.
   */
  ask<Row extends QueryResultRow>(sql: string, values?: readonly unknown[], patience?: number): Promise<readonly Row[]>;
  /** Runs any number of statements in one go, for as long as they take, and answers the rows of each. Rejects with what `readServerError` reads if a statement fails. */
  run<Row extends QueryResultRow>(sql: string): Promise<readonly (readonly Row[])[]>;
  /** Runs one statement with values, for as long as it takes, and answers its rows; without values any number of statements. Rejects as `run` does. */
  query<Row extends QueryResultRow>(sql: string, values: readonly unknown[]): Promise<readonly Row[]>;
  /** The same for the text of a file, in one message with statements of one's own. What the server says against it has its place in the text and the number of the statement that failed. */
  runFile(text: string, frame?: Frame): Promise<void>;
  /** A text as it is written in SQL. */
  quote(text: string): string;
  /** Ends the connection; what was not committed is undone. Idempotent, never rejects. */
  close(): Promise<void>;
}

/** What runs around the text of a file. */
export interface Frame {
  readonly before: string;
  /** How many statements `before` has. */
  readonly count: number;
  readonly after: string;
}
