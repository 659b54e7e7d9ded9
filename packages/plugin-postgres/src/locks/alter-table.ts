import type { AlterTableCmd, AlterTableStmt, Constraint, Node } from "libpg-query";
import { referencing, type KnownSchema } from "../schema/known-schema.js";
import { nameOf, nameOfRelation } from "../sql/names.js";
import { lockOfCommand } from "./alter-modes.js";
import { claims, familyOf, isBefore18, partsOf, type Claim } from "./claim.js";
import { locksOfConstraint } from "./constraint.js";
import { strongerOf, type LockMode } from "./lock-mode.js";
import { rewritesByAltering } from "./rewrites.js";

/** `alter table`, `alter view`, `alter index`, …: its commands share the strongest lock that one of them needs. */
export function locksOfAlterTable(node: Node, schema: KnownSchema): readonly Claim[] | undefined {
  if (!("AlterTableStmt" in node)) return undefined;
  const statement = node.AlterTableStmt;
  const { relation, objtype } = statement;
  const name = nameOfRelation(relation);
  const commands = commandsOf(statement);
  // The lock of an index is its own; a change of the table's needs nothing of the table.
  if (objtype === "OBJECT_INDEX" || schema.indexes.has(name)) return [];
  if (objtype === "OBJECT_TYPE") return [];
  const mode = commands
    .map((command) => lockOfCommand(command))
    .reduce<LockMode | undefined>((one, other) => strongerOf(one, other), undefined);
  if (mode === undefined) return [];
  const family = relation?.inh === true ? commands.flatMap((command) => reachedBy(command, name, schema)) : [];
  const rewrites = commands.some((command) => rewritesByAltering(command, name, schema));
  return [...claims([name, ...family], mode, rewrites), ...commands.flatMap((command) => locksOnOthers(command, name, schema))];
}

function commandsOf({ cmds = [] }: AlterTableStmt): readonly AlterTableCmd[] {
  return cmds.flatMap((node) => ("AlterTableCmd" in node ? [node.AlterTableCmd] : []));
}

/** What stays with the table that it names, and leaves alone what inherits from it. */
const alone: readonly AlterTableCmd["subtype"][] = [
  "AT_AttachPartition",
  "AT_DetachPartition",
  "AT_DetachPartitionFinalize",
  "AT_AddInherit",
  "AT_DropInherit",
  "AT_SetRelOptions",
  "AT_ResetRelOptions",
  "AT_ReplicaIdentity",
  "AT_EnableRowSecurity",
  "AT_DisableRowSecurity",
  "AT_ForceRowSecurity",
  "AT_NoForceRowSecurity",
  "AT_ChangeOwner",
  "AT_SetLogged",
  "AT_SetUnLogged",
  "AT_ClusterOn",
  "AT_SetOptions",
  "AT_ResetOptions",
  "AT_SetCompression",
  "AT_DropCluster",
  "AT_SetTableSpace",
  "AT_SetAccessMethod",
  "AT_AddOf",
  "AT_DropOf",
  "AT_EnableRule",
  "AT_DisableRule",
  "AT_EnableAlwaysRule",
  "AT_EnableReplicaRule",
];

/** What goes down to partitions, and not to tables that merely inherit. */
const toPartitions: readonly AlterTableCmd["subtype"][] = [
  "AT_EnableTrig",
  "AT_EnableTrigAll",
  "AT_EnableTrigUser",
  "AT_EnableAlwaysTrig",
  "AT_EnableReplicaTrig",
  "AT_DisableTrig",
  "AT_DisableTrigAll",
  "AT_DisableTrigUser",
  "AT_AlterConstraint",
];

/** The tables that a command changes. */
function reachedBy(command: AlterTableCmd, table: string, schema: KnownSchema): readonly string[] {
  const { subtype, def } = command;
  if (alone.includes(subtype)) return [table];
  if (subtype === "AT_AddConstraint" && def !== undefined && "Constraint" in def) return reachedByConstraint(def.Constraint, table, schema);
  if (toPartitions.includes(subtype) || isForeign(command, table, schema)) return partsOf(schema, table);
  return isIdle(command, table, schema) ? [table] : familyOf(schema, table);
}

/** Whether nothing is to be done, which is found out at the first table. */
function isIdle({ subtype, name = "", def, missing_ok }: AlterTableCmd, table: string, schema: KnownSchema): boolean {
  const columns = schema.relations.get(table)?.columns;
  const column = def !== undefined && "ColumnDef" in def ? (def.ColumnDef.colname ?? "") : name;
  if (missing_ok !== true || columns === undefined) return false;
  return subtype === "AT_AddColumn" ? columns.has(column) : subtype === "AT_DropColumn" && !columns.has(column);
}

function reachedByConstraint(constraint: Constraint, table: string, schema: KnownSchema): readonly string[] {
  if (isBefore18(schema) && constraint.contype === "CONSTR_FOREIGN") return partsOf(schema, table);
  return isBefore18(schema) && isIndexed(constraint) ? [table] : familyOf(schema, table);
}

/** Whether an index stands behind it, without its columns becoming required. */
function isIndexed({ contype }: Constraint): boolean {
  return contype === "CONSTR_UNIQUE" || contype === "CONSTR_EXCLUSION";
}

function isForeign({ subtype, name = "" }: AlterTableCmd, table: string, schema: KnownSchema): boolean {
  if (subtype !== "AT_DropConstraint" && subtype !== "AT_ValidateConstraint") return false;
  return schema.relations.get(table)?.constraints.get(name)?.kind === "foreign key";
}

function locksOnOthers(command: AlterTableCmd, table: string, schema: KnownSchema): readonly Claim[] {
  const { subtype, def, name = "" } = command;
  switch (subtype) {
    case "AT_DropConstraint":
      return locksOfDroppedConstraint(schema, table, command);
    case "AT_AlterColumnType":
      // Foreign keys from and to the column are made again.
      return locksOfDroppedColumn(schema, table, { ...command, behavior: "DROP_CASCADE" });
    case "AT_DropColumn":
      return locksOfDroppedColumn(schema, table, command);
    case "AT_ValidateConstraint": {
      const to = schema.relations.get(table)?.constraints.get(name)?.to;
      return to === undefined ? [] : claims(partsOf(schema, to), "RowShare");
    }
    default:
      return def === undefined ? [] : locksOfDefinition(def, { subtype, table, schema });
  }
}

interface Where {
  readonly subtype: AlterTableCmd["subtype"];
  readonly table: string;
  readonly schema: KnownSchema;
}

/** What stands behind a command. */
function locksOfDefinition(def: Node, { subtype, table, schema }: Where): readonly Claim[] {
  if ("Constraint" in def) {
    // Partitions are kept from being written while their indexes are made.
    const parts = isBefore18(schema) && isIndexed(def.Constraint) ? claims(partsOf(schema, table), "Share") : [];
    return [...locksOfConstraint(def.Constraint, schema), ...parts];
  }
  if ("ColumnDef" in def)
    return (def.ColumnDef.constraints ?? []).flatMap((one) => ("Constraint" in one ? locksOfConstraint(one.Constraint, schema) : []));
  if ("RangeVar" in def) {
    if (subtype === "AT_AddInherit") return claims([nameOf(def)], "ShareUpdateExclusive");
    return subtype === "AT_DropInherit" ? claims([nameOf(def)], "AccessShare") : [];
  }
  if (!("PartitionCmd" in def)) return [];
  const { name, concurrent = false } = def.PartitionCmd;
  return locksOfPartitioning(schema, table, { subtype, part: nameOfRelation(name), concurrent });
}

function locksOfPartitioning(
  schema: KnownSchema,
  table: string,
  { subtype, part, concurrent }: { readonly subtype: AlterTableCmd["subtype"]; readonly part: string; readonly concurrent: boolean },
): readonly Claim[] {
  const defaults = familyOf(schema, table).filter((name) => name !== part && schema.relations.get(name)?.isDefault === true);
  const foreign = [...(schema.relations.get(table)?.constraints.values() ?? [])].flatMap(({ to }) => (to === undefined ? [] : [to]));
  if (subtype === "AT_AttachPartition")
    return [
      ...claims(familyOf(schema, part), "AccessExclusive"),
      ...claims(defaults, "AccessExclusive"),
      ...claims(foreign, "ShareRowExclusive"),
    ];
  return [
    ...claims([part], concurrent ? "ShareUpdateExclusive" : "AccessExclusive"),
    ...claims(concurrent ? [] : defaults, "AccessExclusive"),
    ...claims(foreign, "ShareRowExclusive"),
  ];
}

/** The table at the other end of a foreign key loses its triggers. */
function locksOfDroppedConstraint(schema: KnownSchema, table: string, { name = "", behavior }: AlterTableCmd): readonly Claim[] {
  const dropped = schema.relations.get(table)?.constraints.get(name);
  const isKey = dropped?.kind === "primary key" || dropped?.kind === "unique";
  const others = behavior === "DROP_CASCADE" && isKey ? referencing(schema, table) : [];
  return claims(dropped?.to === undefined ? others : [dropped.to, ...others], "AccessExclusive");
}

function locksOfDroppedColumn(schema: KnownSchema, table: string, { name = "", behavior }: AlterTableCmd): readonly Claim[] {
  const constraints = [...(schema.relations.get(table)?.constraints.values() ?? [])].filter(({ columns }) => columns.includes(name));
  const to = constraints.flatMap((one) => (one.to === undefined ? [] : [one.to]));
  if (behavior !== "DROP_CASCADE") return claims(to, "AccessExclusive");
  const isKey = constraints.some(({ kind }) => kind === "primary key" || kind === "unique");
  return claims([...to, ...(isKey ? referencing(schema, table) : [])], "AccessExclusive");
}
