import type { DropStmt, Node, ObjectType, RenameStmt } from "libpg-query";
import { breaksByAltering } from "./alter-table.js";
import { joined, nameOf, nameOfRelation } from "./names.js";
import { remember, type Novelties } from "./novelties.js";

/**
 * What a statement does that the code before may not survive, in words without values; empty if it survives. Remembers what the statement makes: what the code before cannot know, it cannot miss. What
 * depends on what is in the database (whether an index is unique, what a trigger does) is not found.
 */
export function breaksOf(node: Node, novelties: Novelties): readonly string[] {
  const found = rules.flatMap((rule) => rule(node, novelties));
  remember(novelties, node);
  return found;
}

/** One kind of statement each. */
const rules: readonly ((node: Node, novelties: Novelties) => readonly string[])[] = [
  (node, novelties) => ("AlterTableStmt" in node ? breaksByAltering(node.AlterTableStmt, novelties) : []),
  (node, novelties) => ("DropStmt" in node ? breaksByDropping(node.DropStmt, novelties) : []),
  (node, novelties) => ("RenameStmt" in node ? breaksByRenaming(node.RenameStmt, novelties) : []),
  (node) => ("DropOwnedStmt" in node ? ["drops whatever a role owns"] : []),
  (node, { relations }) => {
    if (!("AlterObjectSchemaStmt" in node)) return [];
    const { relation, object, newschema = "" } = node.AlterObjectSchemaStmt;
    const name = relation === undefined ? nameOf(object) : nameOfRelation(relation);
    return relation !== undefined && relations.has(name) ? [] : [`moves ${name} to the schema ${newschema}`];
  },
  (node, { others }) => {
    if (!("AlterEnumStmt" in node)) return [];
    const { oldVal, typeName } = node.AlterEnumStmt;
    return oldVal === undefined || others.has(`type ${joined(typeName)}`) ? [] : [`renames a value of ${joined(typeName)}`];
  },
  (node, { others }) => {
    if (!("AlterDomainStmt" in node)) return [];
    const { subtype = "", typeName, def } = node.AlterDomainStmt;
    const restricts = subtype === "C" || subtype === "O" || (subtype === "T" && def === undefined);
    return !restricts || others.has(`type ${joined(typeName)}`) ? [] : [`restricts ${joined(typeName)}`];
  },
  (node, { relations, columns }) => {
    if (!("IndexStmt" in node) || node.IndexStmt.unique !== true) return [];
    const { relation, indexParams = [] } = node.IndexStmt;
    const table = nameOfRelation(relation);
    const indexed = indexParams.map((one) => ("IndexElem" in one ? (one.IndexElem.name ?? "") : ""));
    const isNew = relations.has(table) || indexed.every((column) => columns.has(`${table}.${column}`));
    return isNew ? [] : [`adds a unique index to ${table}`];
  },
  (node, { relations }) => {
    if (!("TruncateStmt" in node)) return [];
    const tables = (node.TruncateStmt.relations ?? []).map(nameOf).filter((table) => !relations.has(table));
    return tables.map((table) => `empties ${table}`);
  },
  (node, novelties) => {
    if ("GrantRoleStmt" in node && node.GrantRoleStmt.is_grant !== true) return ["revokes a role"];
    if (!("GrantStmt" in node) || node.GrantStmt.is_grant === true) return [];
    const { objects = [], objtype } = node.GrantStmt;
    const isNew = objects.length > 0 && objects.every((one) => isNovel(novelties, objtype, nameOf(one)));
    return isNew ? [] : ["revokes a privilege"];
  },
];

/** What code may name. Dropping an index, a trigger, a policy or a constraint takes nothing away that it asks for by name. */
const named: Readonly<Partial<Record<ObjectType, string>>> = {
  OBJECT_TABLE: "the table",
  OBJECT_FOREIGN_TABLE: "the table",
  OBJECT_VIEW: "the view",
  OBJECT_MATVIEW: "the view",
  OBJECT_SEQUENCE: "the sequence",
  OBJECT_TYPE: "the type",
  OBJECT_DOMAIN: "the type",
  OBJECT_FUNCTION: "the function",
  OBJECT_PROCEDURE: "the function",
  OBJECT_ROUTINE: "the function",
  OBJECT_AGGREGATE: "the function",
  OBJECT_SCHEMA: "the schema",
  OBJECT_EXTENSION: "the extension",
  OBJECT_OPERATOR: "the operator",
  OBJECT_CAST: "a cast",
  OBJECT_COLLATION: "the collation",
};

function breaksByDropping({ removeType, objects = [] }: DropStmt, novelties: Novelties): readonly string[] {
  const kind = removeType === undefined ? undefined : named[removeType];
  if (kind === undefined) return [];
  const names = objects.map(nameOf).filter((name) => !isNovel(novelties, removeType, name));
  return names.map((name) => `drops ${kind} ${name}`.trimEnd());
}

function breaksByRenaming({ renameType, relation, object, subname = "" }: RenameStmt, novelties: Novelties): readonly string[] {
  const name = relation === undefined ? nameOf(object) : nameOfRelation(relation);
  if (relation !== undefined && novelties.relations.has(name)) return [];
  if (renameType === "OBJECT_COLUMN" || renameType === "OBJECT_ATTRIBUTE")
    return novelties.columns.has(`${name}.${subname}`) ? [] : [`renames ${name}.${subname}`];
  if (renameType === "OBJECT_TABCONSTRAINT") return [`renames the constraint ${subname} of ${name}`];
  const kind = renameType === undefined ? undefined : named[renameType];
  return kind === undefined || isNovel(novelties, renameType, name) ? [] : [`renames ${kind} ${name}`];
}

function isNovel({ relations, others }: Novelties, type: ObjectType | undefined, name: string): boolean {
  const kind = type === undefined ? undefined : named[type];
  if (kind === "the table" || kind === "the view" || kind === "the sequence") return relations.has(name);
  return kind !== undefined && others.has(`${kind.replace("the ", "")} ${name}`);
}
