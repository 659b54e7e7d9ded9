import type { QueryResultRow } from "pg";
import type { Session } from "../connection/session.js";

/** A statement that changes the ledger, in a transaction of its own. Rejects with `POSTGRES_LEASE_LOST`, and changes nothing, where another process has taken over. */
export async function write<Row extends QueryResultRow>(
  session: Session,
  sql: string,
  values: readonly unknown[] = [],
  patience?: number,
): Promise<readonly Row[]> {
  if (session.held === undefined) return session.ask<Row>(sql, values, patience);
  await session.ask(`begin; select ${session.held}`);
  const rows = await session.ask<Row>(sql, values, patience);
  await session.ask("commit");
  return rows;
}
