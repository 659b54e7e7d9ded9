import type { ColumnDef, Constraint } from "libpg-query";
import { nameOfRelation, textOf } from "../sql/names.js";
import { isRequired } from "./column.js";
import type { KnownConstraint, KnownSchema } from "./known-schema.js";
import { typeText } from "./type-text.js";

/** A column that a table has from now on, with the constraints that stand with it. */
export function learnColumn(schema: KnownSchema, table: string, column: ColumnDef): void {
  const { colname = "", typeName, constraints = [] } = column;
  schema.relations.get(table)?.columns.set(colname, { type: typeText(typeName), required: isRequired(column) });
  for (const node of constraints) if ("Constraint" in node) learnConstraint(schema, table, node.Constraint, colname);
}

const kinds: Readonly<Partial<Record<NonNullable<Constraint["contype"]>, KnownConstraint["kind"]>>> = {
  CONSTR_PRIMARY: "primary key",
  CONSTR_UNIQUE: "unique",
  CONSTR_CHECK: "check",
  CONSTR_FOREIGN: "foreign key",
  CONSTR_EXCLUSION: "exclusion",
  CONSTR_NOTNULL: "not null",
};

/** A constraint that a table has from now on; `column` is the one that it stands with. */
export function learnConstraint(schema: KnownSchema, table: string, constraint: Constraint, column?: string): void {
  const kind = constraint.contype === undefined ? undefined : kinds[constraint.contype];
  const relation = schema.relations.get(table);
  if (kind === undefined || relation === undefined) return;
  const columns = columnsOf(constraint, column);
  const name = constraint.conname ?? constraint.indexname ?? defaultName(bare(table), kind, columns);
  const { pktable } = constraint;
  const filled = columnNotNull(constraint);
  relation.constraints.set(name, {
    kind,
    columns,
    valid: constraint.skip_validation !== true,
    ...(pktable === undefined ? {} : { to: nameOfRelation(pktable) }),
    ...(filled === undefined ? {} : { filled }),
  });
  if (kind === "primary key" || kind === "unique" || kind === "exclusion")
    schema.indexes.set(table.slice(0, table.lastIndexOf(".") + 1) + name, { table, unique: kind !== "exclusion", columns });
  if (kind === "primary key" || kind === "not null")
    for (const one of columns) relation.columns.set(one, { type: "", ...relation.columns.get(one), required: true });
}

function columnsOf({ keys = [], fk_attrs = [] }: Constraint, column: string | undefined): readonly string[] {
  const named = [...keys, ...fk_attrs].map(textOf);
  return named.length > 0 || column === undefined ? named : [column];
}

function bare(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

/** The column of `check (column is not null)`. */
function columnNotNull({ raw_expr }: Constraint): string | undefined {
  if (raw_expr === undefined || !("NullTest" in raw_expr) || raw_expr.NullTest.nulltesttype !== "IS_NOT_NULL") return undefined;
  const { arg } = raw_expr.NullTest;
  const last = arg !== undefined && "ColumnRef" in arg ? arg.ColumnRef.fields?.at(-1) : undefined;
  return last === undefined ? undefined : textOf(last);
}

/** How the server names a constraint that nobody named. */
function defaultName(table: string, kind: KnownConstraint["kind"], columns: readonly string[]): string {
  if (kind === "primary key") return `${table}_pkey`;
  const suffixes = { unique: "key", check: "check", "foreign key": "fkey", exclusion: "excl", "not null": "not_null" };
  return [table, ...columns, suffixes[kind]].join("_");
}
