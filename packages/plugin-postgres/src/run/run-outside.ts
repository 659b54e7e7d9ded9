import { randomUUID } from "node:crypto";
import { isBusy, movedBy, readServerError } from "../connection/server-error.js";
import type { Session } from "../connection/session.js";
import type { Attempt } from "../ledger/ledger.js";
import { progressStatement } from "../ledger/progress.js";
import { write } from "../ledger/write.js";
import type { OutsideStatement } from "../sql/outside-transaction.js";
import type { Unit } from "../sql/units.js";
import { patiently } from "../transaction/patiently.js";
import type { Runner } from "../transaction/runner.js";
import { closeTransaction } from "../transaction/transaction.js";
import { activeWith, markOf } from "./attempt-mark.js";
import { dropRemains, indexesBefore } from "./came-of.js";
import { inRole, roleOf } from "./replay.js";
import { progressOf, endOf, type Steps, type Stopped } from "./steps.js";

type OutsideUnit = Unit & { readonly outside: OutsideStatement };

/**
 * Runs a statement that cannot run in a transaction. It says before that it begins, and behind it that it has ended. What it leaves when it fails is taken away, so that it can run again. A statement that
 * leaves something behind when it is given up waits for its locks as long as it has to; PostgreSQL lets others pass meanwhile.
 */
export async function runOutside(runner: Runner, steps: Steps, unit: OutsideUnit, stopped: Stopped): Promise<void> {
  const { session, lockTimeout } = runner;
  const { file, units } = steps;
  const { effect, leavesRemains } = unit.outside;
  const [statement] = unit.statements;
  if (statement === undefined) return;
  const role = roleOf(units, stopped.done);
  await inRole(session, role, () => dropRemains(runner, effect, "before"));
  const attempt: Attempt = {
    statement: unit.first,
    mark: randomUUID(),
    indexes: await inRole(session, role, () => indexesBefore(session, effect)),
    unknown: effect.kind === "unknown",
  };
  const here = { ...progressOf(units, stopped.done), attempt };
  await write(session, progressStatement(session, steps, stopped.done, here));
  if (!session.pooled) await session.run(`set lock_timeout = ${String(leavesRemains ? 0 : lockTimeout)}`);
  stopped.known = false;
  const work = (): Promise<void> => inRole(session, role, () => runMarked(session, statement.text, attempt));
  const restore = (): Promise<void> => inRole(session, role, () => dropRemains(runner, effect, attempt));
  try {
    await patiently(runner, file.id, { work, restore, quietly: leavesRemains });
  } catch (error) {
    const server = readServerError(error);
    if (server !== undefined && effect.kind !== "unknown") {
      if (!isBusy(server)) await restore();
      stopped.known = true;
    }
    throw movedBy(error, { characters: [...file.text.slice(0, statement.start)].length, statements: unit.first - 1 });
  }
  stopped.known = true;
  if (!session.pooled) await session.run(`set lock_timeout = ${String(lockTimeout)}`);
  await write(session, progressStatement(session, steps, stopped.done, progressOf(units, endOf(unit))));
}

/** With the mark by which it can be found at the server, whichever of its processes a pooler gives it. */
async function runMarked(session: Session, text: string, { mark }: Attempt): Promise<void> {
  if (session.pooled) session.working = activeWith(mark);
  try {
    await session.runFile(text, { before: markOf(mark), count: 0, after: "" });
  } finally {
    closeTransaction(session);
  }
}
