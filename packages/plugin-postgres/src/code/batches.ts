import { fail, toMilliseconds, type Json } from "@fairlead/core";
import type { MigrationFile } from "../folder/migration-file.js";
import { batchStatement } from "../ledger/batches.js";
import type { BatchProgress } from "../ledger/ledger.js";
import { postgresErrors } from "../postgres-errors.js";
import { patiently } from "../transaction/patiently.js";
import type { Runner } from "../transaction/runner.js";
import { commit, leavingStatements, openTransaction, rollBack } from "../transaction/transaction.js";
import { whileFollowed } from "./followed.js";
import type { BatchOptions, MigrationQueries } from "./migration.js";
import { queriesWithin, type Asked } from "./queries.js";

/** How often it is said how far it came, in milliseconds. */
const sayEvery = 10_000;

/** Runs batches from where another run left them. `known` is what is written down of each, and is kept up to date. */
export async function runBatches<Cursor extends Json>(
  runner: Runner,
  file: MigrationFile,
  work: { readonly known: Record<string, BatchProgress>; readonly asked: Asked },
  options: BatchOptions<Cursor>,
): Promise<number> {
  const { clock, log, session } = runner;
  const { name, pause = "10ms" } = options;
  let before = work.known[name] ?? { after: null, count: 0, done: false };
  if (before.count > 0) log.info(`${file.id}: ${name} goes on behind batch ${String(before.count)}`);
  let ran = 0;
  for (let said = clock.now(); !before.done; ran += 1) {
    if (ran > 0) await clock.sleep(toMilliseconds(pause), { signal: session.signal });
    before = await runBatch(runner, file, { ...work, before }, options);
    work.known[name] = before;
    if (clock.now() - said < sayEvery) continue;
    said = clock.now();
    log.info(`${file.id}: ${name}: ${String(before.count)} batches`);
  }
  return ran;
}

async function runBatch<Cursor extends Json>(
  runner: Runner,
  file: MigrationFile,
  { asked, before }: { readonly asked: Asked; readonly before: BatchProgress },
  { name, size = 1_000, each }: BatchOptions<Cursor>,
): Promise<BatchProgress> {
  const { session, ledger, lockTimeout } = runner;
  const work = async (): Promise<BatchProgress> => {
    await openTransaction(session, { lockTimeout, ledger: "select true" });
    const queries = queriesWithin(session, file, asked);
    const ended = await whileFollowed(file, (follow) => {
      const db: MigrationQueries = { query: (sql, values) => follow(() => queries.query(sql, values)) };
      return each({ db, after: before.after as Cursor | null, size });
    });
    const after = ended ?? null;
    const progress = after === null ? { ...before, done: true } : { after, count: before.count + 1, done: false };
    const ending = [...leavingStatements(session), batchStatement(session, { ledger, id: file.id }, name, { before, progress })];
    const [moved] = (await session.run(ending.join("; "))).at(-1) ?? [];
    if (moved === undefined)
      throw fail(postgresErrors, "POSTGRES_MIGRATIONS_BUSY", { waited: "0 ms", holder: "another process goes on with it" });
    await commit(session);
    return progress;
  };
  return patiently(runner, file.id, { work, restore: () => rollBack(session) });
}
