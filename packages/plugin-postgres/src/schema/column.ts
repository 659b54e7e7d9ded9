import type { ColumnDef, Constraint } from "libpg-query";
import { isCounted } from "./type-text.js";

/** Whether a column gets a value where nobody gives it any. */
export function isFilled(column: ColumnDef): boolean {
  if (isCounted(column.typeName)) return true;
  return constraintsOf(column).some(
    ({ contype }) => contype === "CONSTR_DEFAULT" || contype === "CONSTR_IDENTITY" || contype === "CONSTR_GENERATED",
  );
}

/** Whether a column must have a value. */
export function isRequired(column: ColumnDef): boolean {
  return constraintsOf(column).some(({ contype }) => contype === "CONSTR_NOTNULL" || contype === "CONSTR_PRIMARY");
}

function constraintsOf({ constraints = [] }: ColumnDef): readonly Constraint[] {
  return constraints.flatMap((node) => ("Constraint" in node ? [node.Constraint] : []));
}
