import type { Node } from "libpg-query";
import { joined, nameOf, nameOfRelation } from "../sql/names.js";
import { breaksByAltering } from "./alter-table.js";
import { breaksOfBehaviour } from "./behaviour.js";
import { loses, needsDown, recipes, type Break } from "./break.js";
import { breaksByDropping } from "./drop.js";
import { breaksByUnknown } from "./judged.js";
import type { Known } from "./known.js";
import { isNovel, remember } from "./novelties.js";
import { breaksByRenaming } from "./rename.js";
import { breaksWithin } from "./within.js";

/**
 * What a statement does that the code before may not survive, in words without values; empty if it survives. Remembers what the statement makes: what the code before cannot know, it cannot miss.
 */
export function breaksOf(node: Node, known: Known): readonly Break[] {
  const found = rules.flatMap((rule) => rule(node, known));
  remember(known.novelties, node);
  return found;
}

/** One kind of statement each. */
const rules: readonly ((node: Node, known: Known) => readonly Break[])[] = [
  (node, known) => ("AlterTableStmt" in node ? breaksByAltering(node.AlterTableStmt, known) : []),
  (node, known) => ("DropStmt" in node ? breaksByDropping(node.DropStmt, known) : []),
  (node, known) => ("RenameStmt" in node ? breaksByRenaming(node.RenameStmt, known) : []),
  breaksOfBehaviour,
  breaksWithin,
  breaksByUnknown,
  (node, { novelties: { relations } }) => {
    if (!("RefreshMatViewStmt" in node) || node.RefreshMatViewStmt.skipData !== true) return [];
    const view = nameOfRelation(node.RefreshMatViewStmt.relation);
    return relations.has(view) ? [] : [needsDown(`empties the view ${view}`, recipes.look)];
  },
  (node) => {
    if (!("CreatePublicationStmt" in node)) return [];
    const { for_all_tables, pubobjects = [] } = node.CreatePublicationStmt;
    const publishes = for_all_tables === true || pubobjects.length > 0;
    return publishes ? [needsDown("publishes tables, whose rows cannot be changed then without a replica identity", recipes.look)] : [];
  },
  (node, { novelties: { relations } }) => {
    if (!("AlterObjectSchemaStmt" in node)) return [];
    const { relation, object, newschema = "" } = node.AlterObjectSchemaStmt;
    const name = relation === undefined ? nameOf(object) : nameOfRelation(relation);
    return relation !== undefined && relations.has(name) ? [] : [needsDown(`moves ${name} to the schema ${newschema}`, recipes.rename)];
  },
  (node, { novelties: { others } }) => {
    if (!("AlterEnumStmt" in node)) return [];
    const { oldVal, typeName } = node.AlterEnumStmt;
    const isNew = oldVal === undefined || others.has(`type ${joined(typeName)}`);
    return isNew ? [] : [needsDown(`renames a value of ${joined(typeName)}`, recipes.rename)];
  },
  (node, { novelties: { others } }) => {
    if (!("AlterDomainStmt" in node)) return [];
    const { subtype = "", typeName, def } = node.AlterDomainStmt;
    const restricts = subtype === "C" || subtype === "O" || (subtype === "T" && def === undefined);
    const isNew = others.has(`type ${joined(typeName)}`);
    return !restricts || isNew ? [] : [needsDown(`restricts ${joined(typeName)}`, recipes.restrict)];
  },
  (node, { novelties: { relations, columns } }) => {
    if (!("IndexStmt" in node) || node.IndexStmt.unique !== true) return [];
    const { relation, indexParams = [] } = node.IndexStmt;
    const table = nameOfRelation(relation);
    const indexed = indexParams.map((one) => ("IndexElem" in one ? (one.IndexElem.name ?? "") : ""));
    const isNew = relations.has(table) || indexed.every((column) => columns.has(`${table}.${column}`));
    return isNew ? [] : [needsDown(`adds a unique index to ${table}`, recipes.restrict)];
  },
  (node, { novelties: { relations } }) => {
    if (!("TruncateStmt" in node)) return [];
    const tables = (node.TruncateStmt.relations ?? []).map(nameOf).filter((table) => !relations.has(table));
    return tables.map((table) => loses(`empties ${table}`));
  },
  (node, { novelties }) => {
    if ("AlterDefaultPrivilegesStmt" in node)
      return node.AlterDefaultPrivilegesStmt.action?.is_grant === true ? [] : [needsDown("revokes a privilege", recipes.restrict)];
    if ("GrantRoleStmt" in node && node.GrantRoleStmt.is_grant !== true) return [needsDown("revokes a role", recipes.restrict)];
    if (!("GrantStmt" in node) || node.GrantStmt.is_grant === true) return [];
    const { objects = [], objtype } = node.GrantStmt;
    const isNew = objects.length > 0 && objects.every((one) => isNovel(novelties, objtype, nameOf(one)));
    return isNew ? [] : [needsDown("revokes a privilege", recipes.restrict)];
  },
];
