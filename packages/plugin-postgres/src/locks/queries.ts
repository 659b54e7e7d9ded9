import type { MergeStmt, Node, SelectStmt } from "libpg-query";
import { referencing, type KnownSchema } from "../schema/known-schema.js";
import { relationsRead } from "../schema/tables-read.js";
import { nameOfRelation } from "../sql/names.js";
import { claims, familyOf, type Claim } from "./claim.js";

/** What reads and writes rows: `select`, `insert`, `update`, `delete`, `merge`, `copy`. */
export function locksOfQuery(node: Node, schema: KnownSchema): readonly Claim[] | undefined {
  if ("ExplainStmt" in node) return node.ExplainStmt.query === undefined ? [] : locksOfQuery(node.ExplainStmt.query, schema);
  if ("SelectStmt" in node) return locksOfSelect(node.SelectStmt, schema);
  if ("CopyStmt" in node) {
    const { relation, query, is_from } = node.CopyStmt;
    if (relation === undefined) return readBy(query, schema);
    const table = nameOfRelation(relation);
    return is_from === true ? [...writtenTo(schema, table, "insert"), ...lookedUp(schema, table)] : claims([table], "AccessShare");
  }
  return locksOfWriting(node, schema);
}

function locksOfWriting(node: Node, schema: KnownSchema): readonly Claim[] | undefined {
  if ("InsertStmt" in node) {
    const { relation, selectStmt, onConflictClause, cols } = node.InsertStmt;
    const table = nameOfRelation(relation);
    const looked = lookedUp(schema, table, cols === undefined ? undefined : columnsIn(cols));
    const read = [...readBy(selectStmt, schema), ...readBy(onConflictClause, schema)];
    return [...writtenTo(schema, table, "insert"), ...looked, ...read, ...within(node, schema)];
  }
  if ("UpdateStmt" in node) {
    const table = nameOfRelation(node.UpdateStmt.relation);
    const looked = lookedUp(schema, table, columnsIn(node.UpdateStmt.targetList));
    return [...writtenTo(schema, table, "update"), ...looked, ...readBy(node.UpdateStmt, schema), ...within(node, schema)];
  }
  if ("DeleteStmt" in node) {
    const table = nameOfRelation(node.DeleteStmt.relation);
    return [...writtenTo(schema, table, "delete"), ...readBy(node.DeleteStmt, schema), ...within(node, schema)];
  }
  return "MergeStmt" in node ? locksOfMerge(node.MergeStmt, schema) : undefined;
}

function locksOfMerge(merge: MergeStmt, schema: KnownSchema): readonly Claim[] {
  const table = nameOfRelation(merge.relation);
  const clauses = (merge.mergeWhenClauses ?? []).flatMap((one) => ("MergeWhenClause" in one ? [one.MergeWhenClause] : []));
  const inserts = clauses.some(({ commandType }) => commandType === "CMD_INSERT");
  const deletes = clauses.some(({ commandType }) => commandType === "CMD_DELETE");
  const looked = [...(inserts ? lookedUp(schema, table) : []), ...(deletes ? claims(referencing(schema, table), "RowShare") : [])];
  return [...writtenTo(schema, table, "update"), ...looked, ...readBy(merge, schema)];
}

function columnsIn(targets: readonly Node[] = []): readonly string[] {
  return targets.flatMap((one) => ("ResTarget" in one ? [one.ResTarget.name ?? ""] : []));
}

/** Tables in which a row is looked up that a foreign key points to; `columns` are those that are written, none means all. */
function lookedUp({ relations }: KnownSchema, table: string, columns?: readonly string[]): readonly Claim[] {
  const constraints = [...(relations.get(table)?.constraints.values() ?? [])];
  const written = constraints.filter((one) => columns === undefined || one.columns.some((column) => columns.includes(column)));
  return claims(
    written.flatMap(({ to }) => (to === undefined ? [] : [to])),
    "RowShare",
  );
}

function locksOfSelect(select: SelectStmt, schema: KnownSchema): readonly Claim[] {
  const locked = (select.lockingClause ?? []).length > 0;
  const from = locked ? expanded(schema, relationsRead(select.fromClause)) : [];
  return [...claims(from, "RowShare"), ...readBy(select, schema), ...within({ SelectStmt: select }, schema)];
}

/** The locks of whatever a query asks: also those of the views that it asks, and of what these ask. */
export function readBy(query: unknown, schema: KnownSchema): readonly Claim[] {
  return claims(expanded(schema, relationsRead(query)), "AccessShare");
}

function expanded(schema: KnownSchema, relations: readonly { readonly name: string; readonly only: boolean }[]): readonly string[] {
  const found = new Set<string>();
  const visit = (relation: string): void => {
    if (found.has(relation)) return;
    found.add(relation);
    const known = schema.relations.get(relation);
    if (known?.kind === "view") known.reads.forEach(visit);
    else familyOf(schema, relation).forEach(visit);
  };
  for (const { name, only } of relations) {
    if (only) found.add(name);
    else visit(name);
  }
  return [...found];
}

/** Statements that write, within `with`. */
function within(node: Node, schema: KnownSchema): readonly Claim[] {
  const inner = Object.values(node).flatMap((statement: { withClause?: { ctes?: readonly Node[] } }) => statement.withClause?.ctes ?? []);
  return inner.flatMap((cte) => {
    const query = "CommonTableExpr" in cte ? cte.CommonTableExpr.ctequery : undefined;
    return query === undefined || "SelectStmt" in query ? [] : (locksOfWriting(query, schema) ?? []);
  });
}

function writtenTo(schema: KnownSchema, relation: string, how: "insert" | "update" | "delete"): readonly Claim[] {
  const known = schema.relations.get(relation);
  if (known?.kind === "view") return [relation, ...known.reads].flatMap((one) => claims([one], "RowExclusive"));
  // What is inserted goes into one partition at most; which one, the row decides.
  const tables = how === "insert" && known?.kind !== "partitioned table" ? [relation] : familyOf(schema, relation);
  const looked = how === "delete" ? referencing(schema, relation) : [];
  return [...claims(tables, "RowExclusive"), ...claims(looked, "RowShare")];
}
