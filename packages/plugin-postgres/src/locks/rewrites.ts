import type { AlterTableCmd, ColumnDef, Constraint, Node } from "libpg-query";
import type { KnownSchema } from "../schema/known-schema.js";
import { keepsRows } from "../schema/type-change.js";
import { isCounted, typeText } from "../schema/type-text.js";
import { joined, textOf } from "../sql/names.js";
import { steadyFunctions } from "../sql/steady-functions.js";

/** Whether a change of a table writes all of its rows anew. Where it is not known, it does. */
export function rewritesByAltering(command: AlterTableCmd, table: string, schema: KnownSchema): boolean {
  const { subtype, def, name = "" } = command;
  if (always.includes(subtype)) return true;
  if (def === undefined || !("ColumnDef" in def)) return false;
  if (subtype === "AT_AddColumn") return rewritesByAdding(def.ColumnDef, schema);
  return (
    subtype === "AT_AlterColumnType" &&
    rewritesByRetyping(def.ColumnDef, schema.relations.get(table)?.columns.get(name)?.type, { name, schema })
  );
}

const always: readonly AlterTableCmd["subtype"][] = [
  "AT_SetLogged",
  "AT_SetUnLogged",
  "AT_SetAccessMethod",
  "AT_SetTableSpace",
  "AT_SetExpression",
];

function rewritesByRetyping(
  { raw_default: using, typeName }: ColumnDef,
  from: string | undefined,
  { name, schema }: { readonly name: string; readonly schema: KnownSchema },
): boolean {
  if (using !== undefined && !isPlain(using, name)) return true;
  return !keepsRows(from ?? "", typeText(typeName), schema);
}

function rewritesByAdding(column: ColumnDef, schema: KnownSchema): boolean {
  if (isCounted(column.typeName)) return true;
  const type = typeText(column.typeName);
  const constraints = (column.constraints ?? []).flatMap((one) => ("Constraint" in one ? [one.Constraint] : []));
  return schema.domains.get(type)?.constrained === true || constraints.some(fillsRows);
}

function fillsRows({ contype, raw_expr, generated_kind }: Constraint): boolean {
  if (contype === "CONSTR_IDENTITY") return true;
  if (contype === "CONSTR_GENERATED") return generated_kind !== "v";
  return contype === "CONSTR_DEFAULT" && mayDiffer(raw_expr);
}

/** Whether an expression may have another value for every row: it calls a function that is not known to answer the same. */
function mayDiffer(expression: unknown): boolean {
  if (typeof expression !== "object" || expression === null) return false;
  for (const [key, member] of Object.entries(expression)) {
    if (key === "FuncCall" && !isSteady(member as { readonly funcname?: readonly Node[] })) return true;
    if (mayDiffer(member)) return true;
  }
  return false;
}

function isSteady({ funcname = [] }: { readonly funcname?: readonly Node[] }): boolean {
  const name = joined(funcname).replace(/^pg_catalog\./, "");
  return steadyFunctions.has(name);
}

/** `using column` and `using column::type` say what happens anyway. */
function isPlain(using: Node, column: string): boolean {
  if ("TypeCast" in using) return using.TypeCast.arg !== undefined && isPlain(using.TypeCast.arg, column);
  return "ColumnRef" in using && (using.ColumnRef.fields ?? []).map(textOf).at(-1) === column;
}
