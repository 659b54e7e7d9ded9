import type { Node, RangeVar } from "libpg-query";

/** What a statement calls something, without the schema where that is the usual one: `orders`, `audit.entries`. */
export function nameOf(node: Node | undefined): string {
  if (node === undefined) return "";
  if ("RangeVar" in node) return nameOfRelation(node.RangeVar);
  if ("List" in node) return joined(node.List.items);
  if ("TypeName" in node) return joined(node.TypeName.names);
  if ("ObjectWithArgs" in node) return joined(node.ObjectWithArgs.objname);
  return textOf(node);
}

export function nameOfRelation({ schemaname, relname = "" }: RangeVar = {}): string {
  return schemaname === undefined || schemaname === "public" ? relname : `${schemaname}.${relname}`;
}

/** A name in parts. */
export function joined(parts: readonly Node[] = []): string {
  const [first, ...others] = parts.map(textOf);
  return (first === "public" && others.length > 0 ? others : [first, ...others]).join(".");
}

/** The text of a name or of a literal; empty for everything else. */
export function textOf(node: Node): string {
  return "String" in node ? (node.String.sval ?? "") : "";
}
