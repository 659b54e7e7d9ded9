import type { AlterTableCmd, AlterTableStmt, Constraint, Node } from "libpg-query";
import { isFilled, isRequired } from "./column.js";
import { nameOfRelation, textOf } from "./names.js";
import { rememberColumn, type Novelties } from "./novelties.js";

/** What is known of a column: nothing, or whether it gets a value where nobody gives it any. */
type Newness = (column: string) => { readonly filled: boolean } | undefined;

/** What a change of an old table, view or type does that the code before may not survive. Remembers what it makes. */
export function breaksByAltering({ relation, cmds = [] }: AlterTableStmt, novelties: Novelties): readonly string[] {
  const table = nameOfRelation(relation);
  if (novelties.relations.has(table)) return [];
  const newness: Newness = (column) => {
    const filled = novelties.columns.get(`${table}.${column}`);
    return filled === undefined ? undefined : { filled };
  };
  return cmds.flatMap((node) => {
    if (!("AlterTableCmd" in node)) return [];
    const found = breakOf(node.AlterTableCmd, table, newness);
    rememberColumn(novelties, table, node.AlterTableCmd);
    return found === undefined ? [] : [found];
  });
}

/** One change of a table. */
interface Change extends AlterTableCmd {
  readonly table: string;
  /** `table.column`. */
  readonly column: string;
  readonly newness: Newness;
}

/** What code that knows a column cannot miss, unless the column is new. */
const ofOldColumns: Rules = {
  AT_DropColumn: ({ column }) => `drops ${column}`,
  AT_AlterColumnType: ({ column }) => `changes the type of ${column}`,
  AT_ColumnDefault: ({ column, def }) => (def === undefined ? `drops the default of ${column}` : undefined),
  AT_DropIdentity: ({ column }) => `no longer fills ${column}`,
  AT_DropExpression: ({ column }) => `no longer fills ${column}`,
  AT_AddIdentity: ({ column }) => `fills ${column} by itself`,
};

const ofTables: Rules = {
  AT_SetNotNull: ({ name = "", column, newness }) => (newness(name)?.filled === true ? undefined : `requires a value in ${column}`),
  AT_AddColumn: ({ table, def }) =>
    def !== undefined && "ColumnDef" in def && isRequired(def.ColumnDef) && !isFilled(def.ColumnDef)
      ? `adds ${table}.${def.ColumnDef.colname ?? ""}, which requires a value and has no default`
      : undefined,
  AT_AddConstraint: ({ table, def, newness }) =>
    def !== undefined && "Constraint" in def && !isOfNewColumns(def.Constraint, newness)
      ? `adds ${kindOf(def.Constraint)} to ${table}`
      : undefined,
  AT_EnableRowSecurity: ({ table }) => `hides rows of ${table} by row level security`,
  AT_ForceRowSecurity: ({ table }) => `hides rows of ${table} by row level security`,
  AT_DetachPartition: ({ table }) => `takes a partition out of ${table}`,
  AT_DropInherit: ({ table }) => `takes the rows of ${table} out of its parent`,
};

type Rules = Readonly<Partial<Record<NonNullable<AlterTableCmd["subtype"]>, (change: Change) => string | undefined>>>;

function breakOf(command: AlterTableCmd, table: string, newness: Newness): string | undefined {
  const { subtype, name = "" } = command;
  if (subtype === undefined) return undefined;
  const isNew = newness(name) !== undefined;
  const rule = ofTables[subtype] ?? (isNew ? undefined : ofOldColumns[subtype]);
  return rule?.({ ...command, table, column: `${table}.${name}`, newness });
}

/** Whether a constraint asks nothing of code that does not know the new columns. One that is not validated holds for what is written from now on. */
function isOfNewColumns(constraint: Constraint, newness: Newness): boolean {
  const { contype, keys = [], fk_attrs = [], raw_expr } = constraint;
  const columns = contype === "CONSTR_CHECK" ? columnsOf(raw_expr) : [...keys, ...fk_attrs].map(textOf);
  const mustBeFilled = contype === "CONSTR_PRIMARY" || contype === "CONSTR_NOTNULL";
  return columns.length > 0 && columns.every((column) => (mustBeFilled ? newness(column)?.filled === true : newness(column) !== undefined));
}

const kinds: Readonly<Partial<Record<NonNullable<Constraint["contype"]>, string>>> = {
  CONSTR_CHECK: "a check",
  CONSTR_FOREIGN: "a foreign key",
  CONSTR_UNIQUE: "a unique constraint",
  CONSTR_PRIMARY: "a primary key",
  CONSTR_EXCLUSION: "an exclusion constraint",
};

function kindOf({ contype, conname }: Constraint): string {
  const kind = (contype === undefined ? undefined : kinds[contype]) ?? "a constraint";
  return conname === undefined ? kind : `${kind} (${conname})`;
}

/** The columns that an expression names, wherever in it. */
function columnsOf(expression: Node | undefined): readonly string[] {
  const found: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    if (isColumnReference(value)) found.push((value.ColumnRef.fields ?? []).map(textOf).at(-1) ?? "");
    else for (const member of Object.values(value)) visit(member);
  };
  visit(expression);
  return found;
}

function isColumnReference(value: object): value is Extract<Node, { readonly ColumnRef: unknown }> {
  return "ColumnRef" in value;
}
