import { fail } from "@fairlead/core";
import type { MigrationFile } from "../folder/migration-file.js";
import type { BatchProgress } from "../ledger/ledger.js";
import { postgresErrors } from "../postgres-errors.js";
import type { Runner } from "../transaction/runner.js";
import { runBatches } from "./batches.js";
import { whileFollowed } from "./followed.js";
import type { MigrationDatabase, MigrationQueries } from "./migration.js";
import { queriesOf, queriesWithin, type Asked } from "./queries.js";
import { queriesThroughPooler } from "./through-pooler.js";

/** Calls a function of a migration in code, and waits for all that it asks. `known` is how far its batches came, where it runs outside of a transaction; elsewhere it can have none. */
export async function callCode(
  {
    runner,
    file,
    asked,
    known,
  }: { readonly runner: Runner; readonly file: MigrationFile; readonly asked: Asked; readonly known?: Record<string, BatchProgress> },
  step: (database: MigrationDatabase) => Promise<void>,
): Promise<void> {
  const database = databaseOf(runner, file, asked, known);
  await whileFollowed(file, (follow) =>
    step({
      ...database,
      query: (sql, values) => follow(() => database.query(sql, values)),
      batches: (options) => follow(() => database.batches(options)),
    }),
  );
}

function databaseOf(runner: Runner, file: MigrationFile, asked: Asked, known?: Record<string, BatchProgress>): MigrationDatabase {
  let running: string | undefined;
  return {
    ...queriesFor(runner, file, asked, known === undefined),
    signal: runner.session.signal,
    log: (message) => {
      runner.log.info(`${file.id}: ${message}`);
    },
    batches: async (options) => {
      if (known === undefined) throw fail(postgresErrors, "POSTGRES_BATCHES_IN_TRANSACTION", { migration: file.id, path: file.path });
      // There is one connection, with one transaction at a time.
      if (running !== undefined) throw fail(postgresErrors, "POSTGRES_BATCHES_AT_ONCE", { migration: file.id, path: file.path, running });
      running = options.name;
      try {
        return await runBatches(runner, file, { known, asked }, options);
      } finally {
        running = undefined;
      }
    },
  };
}

function queriesFor(runner: Runner, file: MigrationFile, asked: Asked, isWhole: boolean): MigrationQueries {
  const { session } = runner;
  if (isWhole) return queriesWithin(session, file, asked);
  return session.pooled ? queriesThroughPooler(runner, file, asked) : queriesOf(session, asked);
}
