import { fail } from "@fairlead/core";
import type { Session } from "../connection/session.js";
import type { MigrationFile } from "../folder/migration-file.js";
import { postgresErrors } from "../postgres-errors.js";
import { needsReadingToRun } from "../sql/hints.js";
import { loadParser } from "../sql/parser.js";
import { endsTransaction } from "../sql/units.js";
import type { MigrationQueries } from "./migration.js";

/** The statements that failed, by what the server said. */
export type Asked = WeakMap<object, string>;

/** What a migration's code asks on the connection of the migrations. */
export function queriesOf(session: Session, asked: Asked): MigrationQueries {
  return {
    async query<Row extends object>(sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
      try {
        return await session.query<Row & Record<string, unknown>>(sql, values);
      } catch (error) {
        if (error instanceof Error) asked.set(error, sql);
        throw error;
      }
    },
  };
}

/**
 * The same within a transaction of ours. Through a pooler what would end that is refused with `POSTGRES_POOLED`, before any of it runs: what comes behind it would run on a connection of others, and nothing would keep those from it
 * who have taken over meanwhile. What cannot be read is left to the server.
 */
export function queriesWithin(session: Session, file: MigrationFile, asked: Asked): MigrationQueries {
  const plain = queriesOf(session, asked);
  if (!session.pooled) return plain;
  return inTurn(async <Row extends object>(sql: string, values?: readonly unknown[]) => {
    const script = needsReadingToRun(sql) ? (await loadParser()).read(sql) : undefined;
    if (script === undefined || "problem" in script || !endsTransaction(script)) return plain.query<Row>(sql, values);
    throw fail(postgresErrors, "POSTGRES_POOLED", {
      migration: file.id,
      problem: "its code ends its transaction itself",
      database: session.address.name,
    });
  });
}

/** One after the other, in the order in which they were asked. */
export function inTurn(ask: MigrationQueries["query"]): MigrationQueries {
  let turn: Promise<unknown> = Promise.resolve();
  return {
    query: <Row extends object>(sql: string, values?: readonly unknown[]) => {
      const mine = turn.then(() => ask<Row>(sql, values));
      turn = mine.catch(() => undefined);
      return mine;
    },
  };
}
