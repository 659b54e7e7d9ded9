import type { MigrationPhase } from "@fairlead/core";
import type { Node } from "libpg-query";
import type { LintedStatement } from "../lint/lint-script.js";

/** In which phase statements belong by what they do: what the release before may not survive contracts, what only changes rows that are there backfills, all else expands. */
export function phaseOf(statements: readonly LintedStatement[]): MigrationPhase {
  if (statements.some(({ breaks }) => breaks.length > 0)) return "contract";
  const nodes = statements.map(({ statement }) => statement.node);
  return nodes.some(changesRows) && nodes.every((node) => changesRows(node) || movesAlong(node)) ? "backfill" : "expand";
}

/** Whether it makes something that code could need. */
export function makesSomething(statements: readonly LintedStatement[]): boolean {
  return statements.some(({ statement: { node } }) => !changesRows(node) && !movesAlong(node) && isMaking(node));
}

/** Whether it changes what the database consists of. */
export function changesSchema(statements: readonly LintedStatement[]): boolean {
  return statements.some(
    ({ statement: { node } }) => !changesRows(node) && !movesAlong(node) && !("DoStmt" in node) && !("CallStmt" in node),
  );
}

function changesRows(node: Node): boolean {
  return "UpdateStmt" in node || "DeleteStmt" in node || "MergeStmt" in node;
}

const alongside = ["InsertStmt", "SelectStmt", "CopyStmt", "VariableSetStmt", "TransactionStmt", "VacuumStmt", "LockStmt", "CommentStmt"];

/** What stands beside changes of rows without being anything else: what is read, set or kept for a while. */
function movesAlong(node: Node): boolean {
  if ("CreateStmt" in node) return node.CreateStmt.relation?.relpersistence === "t";
  if ("CreateTableAsStmt" in node) return node.CreateTableAsStmt.into?.rel?.relpersistence === "t";
  if (makesTable(node)) return node.SelectStmt.intoClause?.rel?.relpersistence === "t";
  return alongside.some((kind) => kind in node);
}

/** `select … into` is `create table … as` by another name. */
function makesTable(node: Node): node is Extract<Node, { readonly SelectStmt: unknown }> {
  return "SelectStmt" in node && node.SelectStmt.intoClause !== undefined;
}

const made = [
  "CreateStmt",
  "CreateTableAsStmt",
  "ViewStmt",
  "CreateFunctionStmt",
  "CreateEnumStmt",
  "CompositeTypeStmt",
  "CreateSchemaStmt",
];

function isMaking(node: Node): boolean {
  if (!("AlterTableStmt" in node)) return makesTable(node) || made.some((kind) => kind in node);
  return (node.AlterTableStmt.cmds ?? []).some((one) => "AlterTableCmd" in one && one.AlterTableCmd.subtype === "AT_AddColumn");
}
