import { fail } from "@fairlead/core";
import type { MigrationFile } from "../folder/migration-file.js";
import { postgresErrors } from "../postgres-errors.js";
import type { Runner } from "../transaction/runner.js";
import { problemThroughPooler } from "../transaction/through-pooler.js";
import { commit, leavingStatements, openTransaction, rollBack } from "../transaction/transaction.js";
import { wayOf, type Way } from "../transaction/way.js";
import type { MigrationQueries } from "./migration.js";
import { inTurn, queriesOf, queriesWithin, type Asked } from "./queries.js";

/**
 * What code that runs outside of a transaction asks through a pooler. What can run in a transaction gets one of its own, so that its connection is left as it was found; what cannot runs as it is, or is refused with
 * `POSTGRES_POOLED` where it could leave something there.
 */
export function queriesThroughPooler(runner: Runner, file: MigrationFile, asked: Asked): MigrationQueries {
  const { session, lockTimeout } = runner;
  const plain = queriesOf(session, asked);
  const within = queriesWithin(session, file, asked);
  const ask = async <Row extends object>(sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> => {
    // Within a batch there is a transaction already.
    if (session.guest !== undefined) return within.query<Row>(sql, values);
    const way = await wayOf({ ...file, code: false, transaction: true, text: sql }, undefined);
    await refuse(runner, file, way);
    if (way.kind === "steps") return plain.query<Row>(sql, values);
    await openTransaction(session, { begin: way.begin, lockTimeout, ledger: "select true" });
    try {
      const rows = await plain.query<Row>(way.text, values);
      await commit(session, leavingStatements(session));
      return rows;
    } catch (error) {
      await rollBack(session);
      throw error;
    }
  };
  return inTurn(ask);
}

async function refuse({ session }: Runner, file: MigrationFile, way: Way): Promise<void> {
  const isSeveral = way.kind === "steps" && (way.units.length !== 1 || way.units[0]?.outside === undefined);
  const problem = isSeveral ? "it asks for several transactions at once" : await problemThroughPooler(session, way);
  if (problem !== undefined) throw fail(postgresErrors, "POSTGRES_POOLED", { migration: file.id, problem, database: session.address.name });
}
