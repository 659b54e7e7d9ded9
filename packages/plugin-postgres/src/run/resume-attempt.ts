import { fail, formatMilliseconds } from "@fairlead/core";
import type { Attempt } from "../ledger/ledger.js";
import { progressStatement } from "../ledger/progress.js";
import { write } from "../ledger/write.js";
import { postgresErrors } from "../postgres-errors.js";
import type { Runner } from "../transaction/runner.js";
import { activeWith } from "./attempt-mark.js";
import { whatCameOf } from "./came-of.js";
import { inRole, roleOf } from "./replay.js";
import { endOf, progressOf, type Steps, type Stopped } from "./steps.js";

/** Between two looks, in milliseconds. */
const pause = 100;

/** Finds out what came of a statement that was cut off, when nobody runs it any more, and writes that down. */
export async function resumeAttempt(runner: Runner, steps: Steps, attempt: Attempt, stopped: Stopped): Promise<void> {
  const { session, log } = runner;
  const { file, units } = steps;
  const unit = units.find(({ first }) => first === attempt.statement);
  if (unit?.outside === undefined) return;
  await untilEnded(runner, file.id, attempt);
  const { effect } = unit.outside;
  const came = await inRole(session, roleOf(units, stopped.done), () => whatCameOf(runner, effect, attempt));
  if (came === "again") return;
  log.info(`${file.id}: statement ${String(unit.first)} (${unit.outside.words}) had been cut off and is complete`);
  await write(session, progressStatement(session, steps, stopped.done, progressOf(units, endOf(unit))));
  stopped.done = endOf(unit);
}

/** The server's process may work on after its client has gone. */
async function untilEnded({ session, clock, log, patience }: Runner, migration: string, { mark }: Attempt): Promise<void> {
  const begun = clock.now();
  for (let said = false; ; said = true) {
    const [found] = await session.ask<{ pid: number }>(`select pid from pg_stat_activity where ${activeWith(mark)}`);
    if (found === undefined) return;
    const holder = `the server still works on what another process began (backend ${String(found.pid)})`;
    if (clock.now() - begun >= patience)
      throw fail(postgresErrors, "POSTGRES_MIGRATIONS_BUSY", { waited: formatMilliseconds(patience), holder });
    if (!said) log.info(`${migration}: ${holder}; waiting for it to end`);
    await clock.sleep(pause, { signal: session.signal });
  }
}
