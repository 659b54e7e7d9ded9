import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";

/** An open file. Every call runs to its end at once. */
export interface Database {
  /** Runs statements that answer nothing. */
  execute(sql: string): void;
  /** Runs one statement; answers how many rows it changed and the row that it inserted last. */
  run(sql: string, ...values: SQLInputValue[]): { readonly changes: number; readonly row: number };
  /** The first row. Its type is the caller's word: tables are STRICT, so columns have the types of the schema. */
  first<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined;
  all<Row>(sql: string, ...values: SQLInputValue[]): readonly Row[];
  /** All or nothing, and nobody else writes meanwhile. Throws what `work` throws. */
  transaction<Result>(work: () => Result): Result;
  /** Everything that `work` reads is of the same moment. */
  reading<Result>(work: () => Result): Result;
  /** Idempotent. */
  close(): void;
}

/** Statements are prepared once per text. */
export function toDatabase(handle: DatabaseSync): Database {
  const statements = new Map<string, StatementSync>();
  const prepared = (sql: string): StatementSync => {
    let statement = statements.get(sql);
    if (statement === undefined) {
      statement = handle.prepare(sql);
      statements.set(sql, statement);
    }
    return statement;
  };
  const within = <Result>(begin: string, work: () => Result): Result => {
    prepared(begin).run();
    try {
      const result = work();
      prepared("COMMIT").run();
      return result;
    } catch (error) {
      // Some errors, a full disk among them, have rolled it back already.
      if (handle.isTransaction) prepared("ROLLBACK").run();
      throw error;
    }
  };
  return {
    execute: (sql) => {
      handle.exec(sql);
    },
    run: (sql, ...values) => {
      const { changes, lastInsertRowid } = prepared(sql).run(...values);
      return { changes: Number(changes), row: Number(lastInsertRowid) };
    },
    first: <Row>(sql: string, ...values: SQLInputValue[]) => prepared(sql).get(...values) as Row | undefined,
    all: <Row>(sql: string, ...values: SQLInputValue[]) => prepared(sql).all(...values) as readonly unknown[] as readonly Row[],
    transaction: (work) => within("BEGIN IMMEDIATE", work),
    reading: (work) => within("BEGIN", work),
    close: () => {
      statements.clear();
      if (handle.isOpen) handle.close();
    },
  };
}
