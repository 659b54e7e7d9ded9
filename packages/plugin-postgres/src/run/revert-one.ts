import { fail } from "@fairlead/core";
import { movedBy, readServerError } from "../connection/server-error.js";
import type { MigrationFile } from "../folder/migration-file.js";
import { revertStatement } from "../ledger/records.js";
import { postgresErrors } from "../postgres-errors.js";
import { failureOf } from "../transaction/failure-of.js";
import { patiently } from "../transaction/patiently.js";
import type { Runner } from "../transaction/runner.js";
import { cleanSession, localSettings, prepareSession } from "../transaction/settings.js";
import { refuseThroughPooler } from "../transaction/through-pooler.js";
import { commit, endingStatements, leavingStatements, openTransaction, rollBack, rollBackAll } from "../transaction/transaction.js";
import { wayOf, type Way } from "../transaction/way.js";
import { inRole, roleOf, setBefore } from "./replay.js";

/** Takes a migration back with a file that does that, and writes it down. */
export async function revertOne(runner: Runner, file: MigrationFile): Promise<void> {
  const { session, lockTimeout } = runner;
  const way = await wayOf(file, undefined);
  await refuseThroughPooler(session, file, way);
  await prepareSession(session, lockTimeout);
  const isWhole = way.kind === "transaction";
  const restore = (): Promise<void> => (isWhole ? rollBackAll(session) : rollBack(session));
  // What ends its transaction itself is in effect up to there, and is not begun again.
  const isLoose = isWhole && way.loose;
  const done = { units: 0 };
  const work = (): Promise<void> => (isWhole ? inTransaction(runner, file, way) : unitByUnit(runner, file, way, done));
  try {
    await (isLoose ? work() : patiently(runner, file.id, { work, restore, quietly: !isWhole }));
  } catch (error) {
    const server = readServerError(error);
    if (server === undefined) throw error;
    await restore();
    const failure = await failureOf(runner, file, server, isWhole ? way.skipped : 0);
    throw fail(postgresErrors, "POSTGRES_MIGRATION_FAILED", { migration: file.id, ...failure, undone: isWhole && !isLoose, kept: 0 });
  }
  if (!session.pooled && !isWhole) await cleanSession(session);
}

async function inTransaction(
  runner: Runner,
  file: MigrationFile,
  { text, loose, begin }: Extract<Way, { kind: "transaction" }>,
): Promise<void> {
  const { session } = runner;
  if (loose) {
    await session.run(["begin isolation level read committed", ...localSettings(session, runner.lockTimeout)].join("; "));
    await session.runFile(text);
    await commit(session, endingStatements(session));
    await beginRevert(runner, file.id);
  } else {
    await beginRevert(runner, file.id, begin);
    await session.runFile(text);
    await session.run(endingStatements(session).join("; "));
  }
  await commit(session);
}

/** Every unit for itself; that it was taken back is written down behind the last. What is `done` is not done again. */
async function unitByUnit(
  runner: Runner,
  file: MigrationFile,
  { units }: Extract<Way, { kind: "steps" }>,
  done: { units: number },
): Promise<void> {
  const { session, lockTimeout } = runner;
  const limitTo = async (timeout: number): Promise<void> => {
    if (!session.pooled) await session.run(`set lock_timeout = ${String(timeout)}`);
  };
  for (const [index, { first, outside, statements, begin }] of units.entries()) {
    const [start, end] = [statements[0]?.start, statements.at(-1)?.end];
    if (start === undefined || end === undefined || index < done.units) continue;
    const run = (): Promise<void> =>
      session.runFile(file.text.slice(start, end)).catch((error: unknown) => {
        throw movedBy(error, { characters: [...file.text.slice(0, start)].length, statements: first - 1 });
      });
    if (outside !== undefined) {
      // What leaves something behind when it is given up waits as long as it has to.
      await limitTo(outside.leavesRemains ? 0 : lockTimeout);
      await inRole(session, roleOf(units, first - 1), run);
      await limitTo(lockTimeout);
    } else {
      const then = setBefore(session, units, first - 1);
      await openTransaction(session, { begin, lockTimeout, ledger: "select true", then });
      await run();
      await commit(session, leavingStatements(session));
    }
    done.units = index + 1;
  }
  await beginRevert(runner, file.id);
  await commit(session);
}

async function beginRevert({ session, ledger, run, lockTimeout }: Runner, id: string, begin?: string): Promise<void> {
  const entry = await openTransaction(session, { begin, lockTimeout, ledger: revertStatement(session, ledger, id, run) });
  if (entry === undefined) throw fail(postgresErrors, "POSTGRES_MIGRATION_NOT_APPLIED", { migration: id, state: "no longer applied" });
}
