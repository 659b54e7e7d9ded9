import type { Session } from "../connection/session.js";
import type { MigrationQueries } from "./migration.js";

/** The statement that was asked last: it is the one that failed. */
export interface Asked {
  sql: string | null;
}

/** What a migration's code asks on the connection of the migrations. */
export function queriesOf(session: Session, asked: Asked): MigrationQueries {
  return {
    async query<Row extends object>(sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
      asked.sql = sql;
      const rows = await session.query<Row & Record<string, unknown>>(sql, values);
      asked.sql = null;
      return rows;
    },
  };
}
