import type { Node, TypeName } from "libpg-query";
import { textOf } from "../sql/names.js";

const counted: ReadonlyMap<string, string> = new Map([
  ["serial", "int4"],
  ["serial4", "int4"],
  ["bigserial", "int8"],
  ["serial8", "int8"],
  ["smallserial", "int2"],
  ["serial2", "int2"],
]);

/** Whether a type brings a sequence that fills the column. */
export function isCounted(type: TypeName | undefined): boolean {
  return counted.has(lastName(type));
}

/** A type as the server names it, without `pg_catalog`: `int4`, `varchar(20)`, `text[]`. Empty for none. */
export function typeText(type: TypeName | undefined): string {
  if (type === undefined) return "";
  const names = (type.names ?? [])
    .map(textOf)
    .filter((name, index, all) => index === all.length - 1 || (name !== "pg_catalog" && name !== "public"));
  const name = names.join(".");
  const lengths = (type.typmods ?? []).map(numberText).join(",");
  const array = (type.arrayBounds ?? []).length > 0 ? "[]" : "";
  return `${counted.get(name) ?? name}${lengths === "" ? "" : `(${lengths})`}${array}`;
}

function lastName(type: TypeName | undefined): string {
  const last = type?.names?.at(-1);
  return last === undefined ? "" : textOf(last);
}

function numberText(node: Node): string {
  if (!("A_Const" in node)) return "";
  const { ival } = node.A_Const;
  return ival === undefined ? "" : String(ival.ival ?? 0);
}
