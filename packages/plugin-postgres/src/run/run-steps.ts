import { fail } from "@fairlead/core";
import { movedBy } from "../connection/server-error.js";
import { applyStatement, beginStatement } from "../ledger/entry.js";
import type { LedgerEntry } from "../ledger/ledger.js";
import { progressStatement, takeUp } from "../ledger/progress.js";
import { write } from "../ledger/write.js";
import { postgresErrors } from "../postgres-errors.js";
import type { Unit } from "../sql/units.js";
import { patiently } from "../transaction/patiently.js";
import type { RunOutcome, Runner } from "../transaction/runner.js";
import { skipOrRefuse } from "../transaction/skip.js";
import { closeTransaction, commit, leavingStatements, openTransaction, rollBack } from "../transaction/transaction.js";
import { replaySettings, setBefore } from "./replay.js";
import { resumeAttempt } from "./resume-attempt.js";
import { runOutside } from "./run-outside.js";
import { endOf, progressOf, type Steps, type Stopped } from "./steps.js";

/**
 * Runs a file unit by unit. What may run in a transaction commits together with the progress that it makes; that something begins outside of one is written down before it does. So another run goes on where this
 * one ends, however that happens. `stopped` says how far it came.
 */
export async function runSteps(runner: Runner, steps: Steps, entry: LedgerEntry | undefined, stopped: Stopped): Promise<RunOutcome> {
  const { session, ledger, run, lockTimeout } = runner;
  const { file, units } = steps;
  if (entry?.state === "partial" || entry?.state === "running") await goOn(runner, steps, entry, stopped);
  else {
    // Without its progress, a beginning would be one of which nobody but a person can say what came of it.
    const begun = await openTransaction(session, { lockTimeout, ledger: beginStatement(session, ledger, file, run) });
    if (begun === undefined) {
      await rollBack(session);
      return skipOrRefuse(runner, file);
    }
    await commit(session, [progressStatement(session, steps, 0, progressOf(units, 0))]);
  }
  for (const unit of units) {
    if (endOf(unit) <= stopped.done) continue;
    if (unit.outside === undefined) await runInside(runner, steps, unit, stopped);
    else await runOutside(runner, steps, { ...unit, outside: unit.outside }, stopped);
    stopped.done = endOf(unit);
  }
  await write(session, applyStatement(ledger, file.id));
  return "applied";
}

/** Takes up what another run has left. What it has done must be what the file says. */
async function goOn(runner: Runner, steps: Steps, entry: LedgerEntry, stopped: Stopped): Promise<void> {
  const { session, run, log } = runner;
  const { file, units } = steps;
  const progress = entry.progress ?? progressOf(units, 0);
  if (progressOf(units, progress.done).checksum !== progress.checksum)
    throw fail(postgresErrors, "POSTGRES_MIGRATIONS_INVALID", {
      problems: [
        {
          migration: file.id,
          message: `${String(progress.done)} of its statements are in effect, and ${file.path} has others now.`,
          hint: "Put back what ran; what comes behind it may be changed.",
        },
      ],
    });
  stopped.done = progress.done;
  await takeUp(session, steps, run, file.checksum);
  if (progress.done > 0) log.info(`${file.id}: goes on behind statement ${String(progress.done)}`);
  if (!session.pooled) await replaySettings(session, units, stopped.done);
  if (progress.attempt !== null) await resumeAttempt(runner, steps, progress.attempt, stopped);
}

async function runInside(runner: Runner, steps: Steps, unit: Unit, stopped: Stopped): Promise<void> {
  const { session, lockTimeout } = runner;
  const { file, units } = steps;
  const [start, end] = [unit.statements[0]?.start, unit.statements.at(-1)?.end];
  if (start === undefined || end === undefined) return;
  const advance = progressStatement(session, steps, stopped.done, progressOf(units, endOf(unit)));
  const work = async (): Promise<void> => {
    const then = setBefore(session, units, stopped.done);
    const moved = await openTransaction(session, { begin: unit.begin, lockTimeout, ledger: advance, then });
    if (moved === undefined)
      throw fail(postgresErrors, "POSTGRES_MIGRATIONS_BUSY", { waited: "0 ms", holder: "another process goes on with it" });
    const after = `\n;${[...leavingStatements(session), "commit"].join("; ")}`;
    await session.runFile(file.text.slice(start, end), { before: "", count: 0, after });
    closeTransaction(session);
  };
  try {
    await patiently(runner, file.id, { work, restore: () => rollBack(session) });
  } catch (error) {
    throw movedBy(error, { characters: [...file.text.slice(0, start)].length, statements: unit.first - 1 });
  }
}
