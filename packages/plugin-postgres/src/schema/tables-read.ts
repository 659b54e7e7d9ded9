import type { Node, RangeVar } from "libpg-query";
import { nameOfRelation } from "../sql/names.js";

/** The relations that a query or an expression reads, wherever in it, without those that it defines itself (`with x as …`). */
export function tablesRead(query: unknown): readonly string[] {
  return relationsRead(query).map(({ name }) => name);
}

/** The same, and whether only the named table is read (`only`), or also what inherits from it. */
export function relationsRead(query: unknown): readonly { readonly name: string; readonly only: boolean }[] {
  const found = new Map<string, boolean>();
  visit(query, found, new Set());
  return [...found].map(([name, only]) => ({ name, only }));
}

function visit(value: unknown, found: Map<string, boolean>, defined: ReadonlySet<string>): void {
  if (typeof value !== "object" || value === null) return;
  const own = namesDefinedBy(value);
  const known = own.length === 0 ? defined : new Set([...defined, ...own]);
  for (const [key, member] of Object.entries(value)) {
    // What a statement writes to is not read; whoever asks knows it.
    if (key === "relation" || key === "intoClause" || key === "into") continue;
    if (key === "RangeVar") addRelation(member as RangeVar, found, known);
    else visit(member, found, known);
  }
}

function addRelation(relation: RangeVar, found: Map<string, boolean>, defined: ReadonlySet<string>): void {
  if (relation.schemaname === undefined && defined.has(relation.relname ?? "")) return;
  // The catalog is nobody's table.
  if (relation.schemaname === "pg_catalog" || relation.schemaname === "information_schema") return;
  if (relation.schemaname === undefined && (relation.relname ?? "").startsWith("pg_")) return;
  const name = nameOfRelation(relation);
  found.set(name, relation.inh !== true && (found.get(name) ?? true));
}

function namesDefinedBy(value: object): readonly string[] {
  const clause: unknown = Reflect.get(value, "withClause");
  if (typeof clause !== "object" || clause === null) return [];
  const ctes: unknown = Reflect.get(clause, "ctes");
  return Array.isArray(ctes)
    ? (ctes as Node[]).flatMap((node) => ("CommonTableExpr" in node ? [node.CommonTableExpr.ctename ?? ""] : []))
    : [];
}
