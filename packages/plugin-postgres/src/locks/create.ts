import type { CreateStmt, IndexStmt, Node, RangeVar } from "libpg-query";
import type { KnownSchema } from "../schema/known-schema.js";
import { tablesRead } from "../schema/tables-read.js";
import { nameOf, nameOfRelation, textOf } from "../sql/names.js";
import { claims, familyOf, partsOf, type Claim } from "./claim.js";
import { locksOfConstraint } from "./constraint.js";
import { readBy } from "./queries.js";

/** What a new thing needs of those that are there. */
export function locksOfCreate(node: Node, schema: KnownSchema): readonly Claim[] | undefined {
  if ("CreateStmt" in node) return locksOfTable(node.CreateStmt, schema);
  if ("CreateTableAsStmt" in node) return readBy(node.CreateTableAsStmt.query, schema);
  if ("IndexStmt" in node) return locksOfIndex(node.IndexStmt, schema);
  if ("ViewStmt" in node) {
    const { view, query, replace } = node.ViewStmt;
    const name = nameOfRelation(view);
    return [
      ...claims(tablesRead(query), "AccessShare"),
      ...claims(replace === true && schema.relations.has(name) ? [name] : [], "AccessExclusive"),
    ];
  }
  return locksOfAttachment(node, schema);
}

/** What is hung on a table. */
function locksOfAttachment(node: Node, schema: KnownSchema): readonly Claim[] | undefined {
  if ("CreateTrigStmt" in node) {
    const { relation, constrrel, row } = node.CreateTrigStmt;
    const table = nameOfRelation(relation);
    const tables = row === true ? partsOf(schema, table) : [table];
    return [...claims(tables, "ShareRowExclusive"), ...(constrrel === undefined ? [] : claims([nameOfRelation(constrrel)], "AccessShare"))];
  }
  if ("RuleStmt" in node)
    return [...claims([nameOfRelation(node.RuleStmt.relation)], "AccessExclusive"), ...readBy(node.RuleStmt.actions, schema)];
  if ("CreatePolicyStmt" in node)
    return [
      ...claims([nameOfRelation(node.CreatePolicyStmt.table)], "AccessExclusive"),
      ...readBy([node.CreatePolicyStmt.qual, node.CreatePolicyStmt.with_check], schema),
    ];
  if ("AlterPolicyStmt" in node) return claims([nameOfRelation(node.AlterPolicyStmt.table)], "AccessExclusive");
  if ("CreateStatsStmt" in node) return claims((node.CreateStatsStmt.relations ?? []).map(nameOf), "ShareUpdateExclusive");
  if ("CreateSeqStmt" in node) return claims(ownerOf(node.CreateSeqStmt.options), "AccessShare");
  if ("AlterSeqStmt" in node) return claims(ownerOf(node.AlterSeqStmt.options), "AccessShare");
  if ("CreatePublicationStmt" in node)
    return claims(
      (node.CreatePublicationStmt.pubobjects ?? []).flatMap((one) =>
        "PublicationObjSpec" in one ? publishedIn(one.PublicationObjSpec.pubtable?.relation, schema) : [],
      ),
      "ShareUpdateExclusive",
    );
  return undefined;
}

function locksOfTable(
  { relation, tableElts = [], inhRelations = [], partbound, constraints = [], if_not_exists }: CreateStmt,
  schema: KnownSchema,
): readonly Claim[] {
  if (if_not_exists === true && schema.relations.has(nameOfRelation(relation))) return [];
  const parents = inhRelations.map(nameOf);
  const defaults = parents.flatMap((parent) => familyOf(schema, parent)).filter((name) => schema.relations.get(name)?.isDefault === true);
  const elements = [...tableElts, ...constraints];
  const foreign = [...elements, ...elements.flatMap((one) => ("ColumnDef" in one ? (one.ColumnDef.constraints ?? []) : []))];
  const inherited =
    partbound === undefined
      ? []
      : parents.flatMap((parent) =>
          [...(schema.relations.get(parent)?.constraints.values() ?? [])].flatMap(({ to }) => (to === undefined ? [] : [to])),
        );
  return [
    ...claims(parents, partbound === undefined ? "ShareUpdateExclusive" : "AccessExclusive"),
    ...claims(partbound === undefined ? [] : defaults, "AccessExclusive"),
    ...claims(inherited, "ShareRowExclusive"),
    ...foreign.flatMap((one) => ("Constraint" in one ? locksOfConstraint(one.Constraint, schema) : [])),
    ...elements.flatMap((one) => ("TableLikeClause" in one ? claims([nameOfRelation(one.TableLikeClause.relation)], "AccessShare") : [])),
  ];
}

function locksOfIndex({ relation, concurrent }: IndexStmt, schema: KnownSchema): readonly Claim[] {
  const table = nameOfRelation(relation);
  const tables = relation?.inh === true ? partsOf(schema, table) : [table];
  return claims(tables, concurrent === true ? "ShareUpdateExclusive" : "Share");
}

function publishedIn(relation: RangeVar | undefined, schema: KnownSchema): readonly string[] {
  const table = nameOfRelation(relation);
  return relation?.inh === true && schema.relations.get(table)?.kind === "table" ? familyOf(schema, table) : [table];
}

/** `owned by table.column`. */
function ownerOf(options: readonly Node[] = []): readonly string[] {
  return options.flatMap((one) => {
    if (!("DefElem" in one) || one.DefElem.defname !== "owned_by") return [];
    const { arg } = one.DefElem;
    const parts = arg !== undefined && "List" in arg ? (arg.List.items ?? []).map(textOf) : [];
    return parts.length < 2
      ? []
      : [
          parts
            .slice(0, -1)
            .filter((part, index, all) => all.length === 1 || index > 0 || part !== "public")
            .join("."),
        ];
  });
}
