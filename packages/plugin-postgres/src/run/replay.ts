import type { Session } from "../connection/session.js";
import type { Statement } from "../sql/script.js";
import { setBy } from "../sql/set-by.js";
import type { Unit } from "../sql/units.js";
import { endOf } from "./steps.js";

/** What finished units have set for their session, beside its role, is needed again by what comes behind them. */
export async function replaySettings(session: Session, units: readonly Unit[], done: number): Promise<void> {
  for (const { node, text } of finished(units, done)) if (setBy(node) === "setting") await session.run(text);
}

/** The statements that put on the role with which the next unit runs. Between units the session is who it was: the ledger is not the role's. */
export function roleOf(units: readonly Unit[], done: number): readonly string[] {
  return finished(units, done).flatMap(({ node, text }) => (setBy(node) === "role" ? [text] : []));
}

/** The statements that the next unit's transaction begins with: the role, and behind a pooler the settings too, as the last transaction had another connection. */
export function setBefore(session: Session, units: readonly Unit[], done: number): readonly string[] {
  if (!session.pooled) return roleOf(units, done);
  return finished(units, done).flatMap(({ node, text }) => (setBy(node) === undefined ? [] : [text]));
}

/** Does something with the role that the file has put on. */
export async function inRole<Result>(session: Session, role: readonly string[], work: () => Promise<Result>): Promise<Result> {
  if (role.length === 0) return work();
  await session.run(role.join("\n;"));
  try {
    return await work();
  } finally {
    // A connection that is lost has no role to put off, and what it was lost by is to be said.
    await session.run("reset session authorization").catch(() => undefined);
  }
}

function finished(units: readonly Unit[], done: number): readonly Statement[] {
  return units.filter((unit) => endOf(unit) <= done).flatMap(({ statements }) => statements);
}
