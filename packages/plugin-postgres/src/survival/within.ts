import type { FuncCall, MergeStmt, Node } from "libpg-query";
import { joined, nameOfRelation, textOf } from "../sql/names.js";
import { loses, needsDown, recipes, type Break } from "./break.js";
import { isHarmlessCall } from "./harmless-calls.js";
import type { Known } from "./known.js";

/** What runs what stands in it. Everything else keeps expressions for later: defaults, views, functions. */
const running: ReadonlySet<string> = new Set([
  "SelectStmt",
  "InsertStmt",
  "UpdateStmt",
  "DeleteStmt",
  "MergeStmt",
  "ExplainStmt",
  "CreateTableAsStmt",
  "PrepareStmt",
  "ExecuteStmt",
  "DeclareCursorStmt",
  "CopyStmt",
  "CallStmt",
]);

/** What is deleted and called anywhere in a statement: in `with`, behind `explain` and `prepare`, in a query whose rows are kept or copied. */
export function breaksWithin(node: Node, known: Known): readonly Break[] {
  if (!Object.keys(node).some((kind) => running.has(kind))) return [];
  const found = new Map<string, Break>();
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const one of breaksHere(value, known)) found.set(one.what, one);
    for (const member of Object.values(value)) visit(member);
  };
  visit(node);
  return [...found.values()];
}

function breaksHere(value: object, known: Known): readonly Break[] {
  if (isKind("DeleteStmt", value)) return deleting(nameOfRelation(value.DeleteStmt.relation), known);
  if (isKind("MergeStmt", value) && deletes(value.MergeStmt)) return deleting(nameOfRelation(value.MergeStmt.relation), known);
  if (isKind("CallStmt", value)) return [calling(joined(value.CallStmt.funccall?.funcname))];
  return isKind("FuncCall", value) && !isHarmless(value.FuncCall, known) ? [calling(joined(value.FuncCall.funcname))] : [];
}

type Kinds<Name extends string> = Extract<Node, Readonly<Record<Name, unknown>>>;

function isKind<Name extends string>(name: Name, value: object): value is Kinds<Name> {
  return name in value;
}

function deletes({ mergeWhenClauses = [] }: MergeStmt): boolean {
  return mergeWhenClauses.some((clause) => "MergeWhenClause" in clause && clause.MergeWhenClause.commandType === "CMD_DELETE");
}

function deleting(table: string, { novelties: { relations } }: Known): readonly Break[] {
  return relations.has(table) ? [] : [loses(`deletes rows of ${table}`)];
}

function isHarmless({ funcname = [] }: FuncCall, { schema: { routines }, novelties: { others } }: Known): boolean {
  return isHarmlessCall(funcname.map(textOf), (name) => routines.has(name) || others.has(`function ${name}`));
}

function calling(name: string): Break {
  return needsDown(`calls ${name}, of which is not known what it does`, recipes.look);
}
