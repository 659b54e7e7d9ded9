import type { Node } from "libpg-query";
import type { Session } from "../connection/session.js";
import { textOf } from "../sql/names.js";
import type { Statement } from "../sql/script.js";
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

/** Whether a statement sets something that those behind it run with. */
export function setsForSession({ node }: Statement): boolean {
  return setBy(node) !== undefined;
}

function finished(units: readonly Unit[], done: number): readonly Statement[] {
  return units.filter((unit) => endOf(unit) <= done).flatMap(({ statements }) => statements);
}

const roles: readonly string[] = ["role", "session_authorization"];

/** What a statement sets for longer than its transaction. */
function setBy(node: Node): "role" | "setting" | undefined {
  if ("VariableSetStmt" in node) {
    if (node.VariableSetStmt.is_local === true) return undefined;
    return roles.includes(node.VariableSetStmt.name ?? "") ? "role" : "setting";
  }
  if (!("SelectStmt" in node)) return undefined;
  const { targetList = [], fromClause } = node.SelectStmt;
  const names = targetList.map(nameSetBy);
  if (fromClause !== undefined || names.length === 0 || names.includes(undefined)) return undefined;
  return names.some((name) => name !== undefined && roles.includes(name)) ? "role" : "setting";
}

/** The name that a call of `set_config` sets, empty where it is worked out; nothing where it is something else. */
function nameSetBy(target: Node): string | undefined {
  const value = "ResTarget" in target ? target.ResTarget.val : undefined;
  if (value === undefined || !("FuncCall" in value)) return undefined;
  const { funcname = [], args: [name] = [] } = value.FuncCall;
  const last = funcname.at(-1);
  if (last === undefined || textOf(last) !== "set_config") return undefined;
  return name !== undefined && "A_Const" in name ? (name.A_Const.sval?.sval ?? "").toLowerCase() : "";
}
