import type { AlterTableCmd, ColumnDef, Constraint, Node } from "libpg-query";
import { nameOfRelation } from "../sql/names.js";

/** One change that `alter table` makes. */
export interface Alteration {
  readonly table: string;
  readonly command: AlterTableCmd;
}

/** Every rule asks this of every statement. */
const none: readonly never[] = [];

/** The changes of tables in a statement. */
export function alterationsIn(node: Node, subtype?: AlterTableCmd["subtype"]): readonly Alteration[] {
  if (!("AlterTableStmt" in node) || node.AlterTableStmt.objtype !== "OBJECT_TABLE") return none;
  const table = nameOfRelation(node.AlterTableStmt.relation);
  const commands = (node.AlterTableStmt.cmds ?? []).flatMap((one) => ("AlterTableCmd" in one ? [one.AlterTableCmd] : []));
  return commands.filter((command) => subtype === undefined || command.subtype === subtype).map((command) => ({ table, command }));
}

export interface ColumnOf {
  readonly table: string;
  readonly column: ColumnDef;
}

/** Columns that a statement adds to a table that is there already. */
export function columnsAdded(node: Node): readonly ColumnOf[] {
  if (!("AlterTableStmt" in node)) return none;
  return alterationsIn(node, "AT_AddColumn").flatMap(({ table, command: { def } }) =>
    def !== undefined && "ColumnDef" in def ? [{ table, column: def.ColumnDef }] : [],
  );
}

/** Columns with a type that a statement writes: of new tables, new columns, and columns whose type changes. */
export function columnsWritten(node: Node): readonly ColumnOf[] {
  if ("CreateStmt" in node) {
    const table = nameOfRelation(node.CreateStmt.relation);
    return (node.CreateStmt.tableElts ?? []).flatMap((one) => ("ColumnDef" in one ? [{ table, column: one.ColumnDef }] : []));
  }
  if (!("AlterTableStmt" in node)) return none;
  const retyped = alterationsIn(node, "AT_AlterColumnType").flatMap(({ table, command: { def } }) =>
    def !== undefined && "ColumnDef" in def ? [{ table, column: def.ColumnDef }] : [],
  );
  return [...columnsAdded(node), ...retyped];
}

export interface ConstraintOf {
  readonly table: string;
  readonly constraint: Constraint;
  /** The column that it stands with. */
  readonly column?: string;
}

/** Constraints that a statement adds to a table that is there already, by themselves or with a column. */
export function constraintsAdded(node: Node): readonly ConstraintOf[] {
  if (!("AlterTableStmt" in node)) return none;
  const alone = alterationsIn(node, "AT_AddConstraint").flatMap(({ table, command: { def } }) =>
    def !== undefined && "Constraint" in def ? [{ table, constraint: def.Constraint }] : [],
  );
  const withColumns = columnsAdded(node).flatMap(({ table, column }) =>
    constraintsOf(column).map((constraint) => ({ table, constraint, column: column.colname ?? "" })),
  );
  return [...alone, ...withColumns];
}

export function constraintsOf({ constraints = [] }: ColumnDef): readonly Constraint[] {
  return constraints.flatMap((one) => ("Constraint" in one ? [one.Constraint] : []));
}

/** Where the type of a column stands. */
export function placeOfType({ typeName, location }: ColumnDef): number | undefined {
  return typeName?.location ?? location;
}
