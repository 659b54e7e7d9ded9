import type { AlterTableCmd, AlterTableStmt } from "libpg-query";
import { isFilled, isRequired } from "../schema/column.js";
import type { KnownSchema } from "../schema/known-schema.js";
import { keepsRows } from "../schema/type-change.js";
import { isCounted, typeText } from "../schema/type-text.js";
import { nameOfRelation } from "../sql/names.js";
import { loses, needsDown, recipes, type Break } from "./break.js";
import { asksNothing, kindOf, type Newness } from "./constraint.js";
import { rememberColumn, type Novelties } from "./novelties.js";

/** What a change of an old table, view or type does that the code before may not survive. Remembers what it makes. */
export function breaksByAltering(
  { relation, cmds = [], objtype }: AlterTableStmt,
  { novelties, schema }: { readonly novelties: Novelties; readonly schema: KnownSchema },
): readonly Break[] {
  const table = nameOfRelation(relation);
  if (novelties.relations.has(table)) return [];
  const newness: Newness = (column) => {
    const filled = novelties.columns.get(`${table}.${column}`);
    return filled === undefined ? undefined : { filled };
  };
  return cmds.flatMap((node) => {
    if (!("AlterTableCmd" in node)) return [];
    const found =
      objtype === "OBJECT_TYPE" && node.AlterTableCmd.subtype === "AT_AddColumn"
        ? needsDown(`adds an attribute to ${table}, which rows that are put together lack`, recipes.look)
        : breakOf(node.AlterTableCmd, { table, newness, schema, novelties });
    rememberColumn(novelties, table, node.AlterTableCmd);
    return found === undefined ? [] : [found];
  });
}

function takesNumbers(def: object): boolean {
  return JSON.stringify(def).includes('"nextval"');
}

interface Where {
  readonly table: string;
  readonly newness: Newness;
  readonly schema: KnownSchema;
  readonly novelties: Novelties;
}

/** One change of a table. */
interface Change extends AlterTableCmd, Where {
  /** `table.column`. */
  readonly column: string;
}

/** What code that knows a column cannot miss, unless the column is new. */
const ofOldColumns: Rules = {
  AT_DropColumn: ({ column }) => loses(`drops ${column}`),
  AT_AlterColumnType: ({ table, name = "", column, def, schema }) => {
    const to = def !== undefined && "ColumnDef" in def ? typeText(def.ColumnDef.typeName) : "";
    const from = schema.relations.get(table)?.columns.get(name)?.type ?? "";
    if (from === to && from !== "") return undefined;
    // Also a wider type: statements that connections have prepared, and plans of functions, expect the one before.
    return (keepsRows(from, to, schema) ? needsDown : loses)(`changes the type of ${column}`, recipes.retype);
  },
  AT_ColumnDefault: ({ column, def }) => (def === undefined ? needsDown(`drops the default of ${column}`, recipes.require) : undefined),
  AT_DropIdentity: ({ column }) => needsDown(`no longer fills ${column}`, recipes.require),
  AT_DropExpression: ({ column }) => needsDown(`no longer fills ${column}`, recipes.require),
  AT_SetExpression: ({ column }) => needsDown(`fills ${column} with something else`, recipes.look),
  AT_AddIdentity: ({ column }) => needsDown(`fills ${column} by itself`, recipes.restrict),
  AT_SetIdentity: ({ column }) => needsDown(`changes how ${column} is filled`, recipes.restrict),
};

const hiding = (table: string): Break => needsDown(`hides rows of ${table} by row level security`, recipes.restrict);
const triggering = (table: string): Break => needsDown(`changes what happens at writes to ${table}`, recipes.look);

const ofTables: Rules = {
  AT_SetNotNull: ({ name = "", column, newness, table, schema }) =>
    newness(name)?.filled === true || schema.relations.get(table)?.columns.get(name)?.required === true
      ? undefined
      : needsDown(`requires a value in ${column}`, recipes.require),
  AT_AddColumn: ({ table, def }) => {
    if (def === undefined || !("ColumnDef" in def)) return undefined;
    const column = `${table}.${def.ColumnDef.colname ?? ""}`;
    if (isRequired(def.ColumnDef) && !isFilled(def.ColumnDef))
      return needsDown(`adds ${column}, which requires a value and has no default`, recipes.require);
    // Whoever inserts needs the privilege to use the new sequence; an identity needs none.
    return isCounted(def.ColumnDef.typeName) || takesNumbers(def)
      ? needsDown(`fills ${column} from a sequence that other roles may not use yet`, recipes.number)
      : undefined;
  },
  AT_AddConstraint: ({ table, def, newness }) =>
    def !== undefined && "Constraint" in def && !asksNothing(def.Constraint, newness)
      ? needsDown(`adds ${kindOf(def.Constraint)} to ${table}`, recipes.restrict)
      : undefined,
  AT_DropConstraint: ({ table, name = "", schema }) => {
    const known = schema.relations.get(table)?.constraints.get(name);
    if (known === undefined ? schema.complete : ["check", "foreign key", "not null"].includes(known.kind)) return undefined;
    return needsDown(`drops the constraint ${name} of ${table}, which \`on conflict\` may need`, recipes.drop);
  },
  AT_EnableRowSecurity: ({ table }) => hiding(table),
  AT_ForceRowSecurity: ({ table }) => hiding(table),
  AT_DetachPartition: ({ table }) => needsDown(`takes a partition out of ${table}`, recipes.drop),
  AT_DropInherit: ({ table }) => needsDown(`takes the rows of ${table} out of its parent`, recipes.drop),
  AT_AddInherit: ({ table }) => needsDown(`puts the rows of ${table} into a parent`, recipes.look),
  AT_AttachPartition: ({ table, def, novelties }) => {
    const part = def !== undefined && "PartitionCmd" in def ? nameOfRelation(def.PartitionCmd.name) : "";
    return novelties.relations.has(part) ? undefined : needsDown(`makes ${part} a partition of ${table}`, recipes.look);
  },
  AT_ChangeOwner: ({ table }) => needsDown(`gives ${table} to another role`, recipes.look),
  AT_SetRelOptions: ({ table, def }) =>
    JSON.stringify(def ?? null).includes('"security_') ? needsDown(`changes who may read through ${table}`, recipes.look) : undefined,
  AT_ReplicaIdentity: ({ table, def }) =>
    def !== undefined && "ReplicaIdentityStmt" in def && def.ReplicaIdentityStmt.identity_type === "n"
      ? needsDown(`takes the replica identity from ${table}, whose rows cannot be changed then where it is published`, recipes.look)
      : undefined,
  AT_EnableTrig: ({ table }) => triggering(table),
  AT_EnableTrigAll: ({ table }) => triggering(table),
  AT_EnableTrigUser: ({ table }) => triggering(table),
  AT_EnableAlwaysTrig: ({ table }) => triggering(table),
  AT_DisableTrig: ({ table }) => triggering(table),
  AT_DisableTrigAll: ({ table }) => triggering(table),
  AT_DisableTrigUser: ({ table }) => triggering(table),
  AT_EnableRule: ({ table }) => triggering(table),
  AT_DisableRule: ({ table }) => triggering(table),
};

type Rules = Readonly<Partial<Record<NonNullable<AlterTableCmd["subtype"]>, (change: Change) => Break | undefined>>>;

function breakOf(command: AlterTableCmd, where: Where): Break | undefined {
  const { subtype, name = "" } = command;
  if (subtype === undefined) return undefined;
  const isNew = where.newness(name) !== undefined;
  const rule = ofTables[subtype] ?? (isNew ? undefined : ofOldColumns[subtype]);
  return rule?.({ ...command, ...where, column: `${where.table}.${name}` });
}
