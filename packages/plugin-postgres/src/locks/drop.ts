import type { DropStmt, Node } from "libpg-query";
import { referencedBy, referencing, viewsOn, type KnownSchema } from "../schema/known-schema.js";
import { joined, nameOf } from "../sql/names.js";
import { claims, familyOf, partsOf, type Claim } from "./claim.js";

/** `drop` and `truncate`. */
export function locksOfDrop(node: Node, schema: KnownSchema): readonly Claim[] | undefined {
  if ("TruncateStmt" in node) {
    const { relations = [], behavior } = node.TruncateStmt;
    const named = relations.flatMap((one) =>
      "RangeVar" in one && one.RangeVar.inh !== true ? [nameOf(one)] : familyOf(schema, nameOf(one)),
    );
    const tables = behavior === "DROP_CASCADE" ? withReferencing(schema, named) : named;
    return claims(tables, "AccessExclusive", true);
  }
  return "DropStmt" in node ? locksOfDropStatement(node.DropStmt, schema) : undefined;
}

function withReferencing(schema: KnownSchema, tables: readonly string[]): readonly string[] {
  const found = new Set<string>();
  const visit = (table: string): void => {
    if (found.has(table)) return;
    found.add(table);
    for (const one of referencing(schema, table)) partsOf(schema, one).forEach(visit);
  };
  tables.forEach(visit);
  return [...found];
}

function locksOfDropStatement({ removeType, objects = [], behavior, concurrent }: DropStmt, schema: KnownSchema): readonly Claim[] {
  const cascade = behavior === "DROP_CASCADE";
  switch (removeType) {
    case "OBJECT_TABLE":
    case "OBJECT_FOREIGN_TABLE":
      return objects.flatMap((one) => locksOfDroppedTable(schema, nameOf(one), cascade));
    case "OBJECT_VIEW":
    case "OBJECT_MATVIEW":
      return objects.flatMap((one) => claims([nameOf(one), ...(cascade ? viewsOn(schema, nameOf(one)) : [])], "AccessExclusive"));
    case "OBJECT_INDEX": {
      const tables = objects.flatMap((one) => schema.indexes.get(nameOf(one))?.table ?? []);
      return tables.flatMap((table) => claims(partsOf(schema, table), concurrent === true ? "ShareUpdateExclusive" : "AccessExclusive"));
    }
    case "OBJECT_TRIGGER":
      return objects.flatMap((one) => claims(partsOf(schema, ownerOf(one)), "AccessExclusive"));
    case "OBJECT_POLICY":
    case "OBJECT_RULE":
      return objects.flatMap((one) => claims([ownerOf(one)], "AccessExclusive"));
    case "OBJECT_SCHEMA":
      return objects
        .flatMap((one) => [...schema.relations.keys()].filter((name) => cascade && name.startsWith(`${nameOf(one)}.`)))
        .flatMap((name) => locksOfDroppedTable(schema, name, cascade));
    default:
      return [];
  }
}

/** Of a name that ends with what is dropped, the table that this hangs on. */
function ownerOf(node: Node): string {
  return "List" in node ? joined(node.List.items?.slice(0, -1)) : "";
}

function locksOfDroppedTable(schema: KnownSchema, table: string, cascade: boolean): readonly Claim[] {
  const partitions = cascade ? familyOf(schema, table) : partsOf(schema, table);
  const parents = [...(schema.relations.get(table)?.parents ?? [])].filter(
    (parent) => schema.relations.get(parent)?.kind === "partitioned table",
  );
  const defaults = parents.flatMap((parent) => familyOf(schema, parent)).filter((name) => schema.relations.get(name)?.isDefault === true);
  const others = cascade
    ? partitions.flatMap((one) => [...referencing(schema, one).flatMap((other) => partsOf(schema, other)), ...viewsOn(schema, one)])
    : [];
  return claims(
    [...partitions, ...parents, ...defaults, ...partitions.flatMap((one) => referencedBy(schema, one)), ...others],
    "AccessExclusive",
  );
}
