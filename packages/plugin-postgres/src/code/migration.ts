import type { Duration, Json } from "@fairlead/core";

/** The database as a migration in TypeScript asks it. */
export interface MigrationQueries {
  /** Runs one statement with values for `$1`, `$2`, … and answers its rows; without values any number of statements, of which the rows of the last are answered. What the server refuses is the migration's failure. */
  query<Row extends object = Record<string, unknown>>(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}

/** What a migration in TypeScript is given. */
export interface MigrationDatabase extends MigrationQueries {
  /**
   * Does something piece by piece: each batch runs in a transaction of its own, in which it is written down how far it came. So it goes on there when it is run again, also after its process was killed, and a batch takes effect
   * once. Resolves with the number of batches that ran now. Rejects with `POSTGRES_BATCHES_IN_TRANSACTION` where the migration runs in one transaction: it says `// fairlead: no-transaction`; with
   * `POSTGRES_BATCHES_AT_ONCE` while others of the migration run.
   */
  batches<Cursor extends Json>(batches: BatchOptions<Cursor>): Promise<number>;
  /** Aborts when the migration is to stop. Between two batches and in every query it is looked after. */
  readonly signal: AbortSignal;
  /** Says something to whoever watches. */
  log(message: string): void;
}

/** How something is done piece by piece. */
export interface BatchOptions<Cursor extends Json> {
  /** Its place in the migration: it stays when the text changes. */
  readonly name: string;
  /** How many rows a batch is to take; handed to `each`. Default 1000. */
  readonly size?: number;
  /** How long to wait between two batches, so that others come to their turn. Default `"10ms"`. */
  readonly pause?: Duration;
  /** Does one batch and answers where it ended: the next one is handed that as `after`. `null` or nothing where nothing was left. It may run again when tables were busy, from the same place. */
  readonly each: (batch: {
    readonly db: MigrationQueries;
    readonly after: Cursor | null;
    readonly size: number;
  }) => Promise<Cursor | null | undefined>;
}

/** A migration in TypeScript. */
export interface CodeMigration {
  /** In one transaction, unless the file says `// fairlead: no-transaction`. It may run again where tables were busy: do nothing but ask `db`. */
  readonly up: (db: MigrationDatabase) => Promise<void>;
  /** What takes it back, in one transaction. */
  readonly down?: (db: MigrationDatabase) => Promise<void>;
}

/** Gives a migration its types: `export const { up, down } = defineMigration({ … })`. Gives back what it was given. */
export function defineMigration(migration: Required<CodeMigration>): Required<CodeMigration>;
export function defineMigration(migration: CodeMigration): CodeMigration;
export function defineMigration(migration: CodeMigration): CodeMigration {
  return migration;
}
