import type { AlterTableCmd, AlterTableStmt, Node } from "libpg-query";
import { nameOf, nameOfRelation } from "../sql/names.js";
import { descendantsOf, newRelation, setRelation, type KnownColumn, type KnownRelation, type KnownSchema } from "./known-schema.js";
import { learnColumn, learnConstraint } from "./learn-column.js";
import { typeText } from "./type-text.js";

/** Changes what is known of a table by what `alter table` does to it; a table of which nothing is known is one from now on. */
export function learnAlter(schema: KnownSchema, { relation, cmds = [], objtype }: AlterTableStmt): void {
  const table = nameOfRelation(relation);
  if (objtype === "OBJECT_TABLE" && !schema.relations.has(table)) schema.relations.set(table, newRelation("table"));
  const inherited = relation?.inh === true ? descendantsOf(schema, table) : [];
  for (const node of cmds) {
    if (!("AlterTableCmd" in node)) continue;
    const reached = staysWith(schema, table, node.AlterTableCmd) ? [table] : [table, ...inherited];
    for (const name of reached) {
      const known = schema.relations.get(name);
      if (known !== undefined) change(schema, { name, known, command: node.AlterTableCmd });
    }
    learnFamily(schema, table, node.AlterTableCmd);
  }
}

/** Tables that merely inherit have keys of their own. */
function staysWith(schema: KnownSchema, table: string, { subtype, def }: AlterTableCmd): boolean {
  if (subtype !== "AT_AddConstraint" || schema.relations.get(table)?.kind === "partitioned table") return false;
  return (
    def !== undefined && "Constraint" in def && def.Constraint.contype !== "CONSTR_CHECK" && def.Constraint.contype !== "CONSTR_NOTNULL"
  );
}

interface Changed {
  readonly name: string;
  readonly known: KnownRelation;
  readonly command: AlterTableCmd;
}

function change(schema: KnownSchema, { name: table, known, command: { subtype, name = "", def } }: Changed): void {
  const column = known.columns.get(name);
  const constraint = known.constraints.get(name);
  switch (subtype) {
    case "AT_DropColumn":
      known.columns.delete(name);
      break;
    case "AT_DropConstraint":
      known.constraints.delete(name);
      schema.indexes.delete(name);
      break;
    case "AT_ValidateConstraint":
      if (constraint !== undefined) known.constraints.set(name, { ...constraint, valid: true });
      break;
    case "AT_SetNotNull":
    case "AT_DropNotNull":
      known.columns.set(name, { type: "", ...column, required: subtype === "AT_SetNotNull" });
      break;
    default:
      if (def !== undefined) define(schema, table, { def, subtype, name, column });
  }
}

interface Defined {
  readonly def: Node;
  readonly subtype: AlterTableCmd["subtype"];
  readonly name: string;
  readonly column: KnownColumn | undefined;
}

function define(schema: KnownSchema, table: string, { def, subtype, name, column }: Defined): void {
  if ("Constraint" in def && subtype === "AT_AddConstraint") learnConstraint(schema, table, def.Constraint);
  if (!("ColumnDef" in def)) return;
  if (subtype === "AT_AddColumn") learnColumn(schema, table, def.ColumnDef);
  if (subtype === "AT_AlterColumnType")
    schema.relations.get(table)?.columns.set(name, { required: false, ...column, type: typeText(def.ColumnDef.typeName) });
}

/** Which tables belong to which. */
function learnFamily(schema: KnownSchema, table: string, { subtype, def }: AlterTableCmd): void {
  if (def === undefined) return;
  const { relations, heirs } = schema;
  if ("RangeVar" in def && subtype === "AT_AddInherit") {
    relations.get(table)?.parents.add(nameOf(def));
    heirs.add(table);
  }
  if ("RangeVar" in def && subtype === "AT_DropInherit") relations.get(table)?.parents.delete(nameOf(def));
  if (!("PartitionCmd" in def)) return;
  const part = nameOfRelation(def.PartitionCmd.name);
  const known = relations.get(part) ?? newRelation("table");
  if (subtype === "AT_AttachPartition") {
    known.parents.add(table);
    setRelation(schema, part, { ...known, isDefault: def.PartitionCmd.bound?.is_default === true });
  }
  if (subtype === "AT_DetachPartition") known.parents.delete(table);
}
