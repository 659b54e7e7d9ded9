import type { Node } from "libpg-query";
import { textOf } from "./names.js";

const roles: readonly string[] = ["role", "session_authorization"];

/** What a statement sets for longer than its transaction. */
export function setBy(node: Node): "role" | "setting" | undefined {
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
