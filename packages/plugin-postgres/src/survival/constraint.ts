import type { Constraint, Node } from "libpg-query";
import { textOf } from "../sql/names.js";

/** What is known of a column: nothing, or whether it gets a value where nobody gives it any. */
export type Newness = (column: string) => { readonly filled: boolean } | undefined;

/** Whether a constraint asks nothing of code that does not know the new columns. One that is not validated holds for what is written from now on. */
export function asksNothing(constraint: Constraint, newness: Newness): boolean {
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

export function kindOf({ contype, conname }: Constraint): string {
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
