import type { CommentStmt, Node, RenameStmt } from "libpg-query";
import type { KnownSchema } from "../schema/known-schema.js";
import { joined, nameOf, nameOfRelation } from "../sql/names.js";
import { claims, familyOf, isBefore18, partsOf, type Claim } from "./claim.js";

/** What changes names, places and comments. */
export function locksOfNaming(node: Node, schema: KnownSchema): readonly Claim[] | undefined {
  if ("RenameStmt" in node) return locksOfRename(node.RenameStmt, schema);
  if ("CommentStmt" in node) return locksOfComment(node.CommentStmt, schema);
  if ("GrantStmt" in node) {
    const { objtype, objects = [], targtype } = node.GrantStmt;
    if (isBefore18(schema)) return [];
    return claims(objtype === "OBJECT_TABLE" && targtype === "ACL_TARGET_OBJECT" ? objects.map(nameOf) : [], "AccessShare");
  }
  if ("AlterObjectSchemaStmt" in node) {
    const { relation } = node.AlterObjectSchemaStmt;
    return relation === undefined ? [] : claims([nameOfRelation(relation)], "AccessExclusive");
  }
  return undefined;
}

function locksOfRename({ renameType, relation }: RenameStmt, schema: KnownSchema): readonly Claim[] {
  const name = nameOfRelation(relation);
  if (relation === undefined || renameType === "OBJECT_INDEX" || schema.indexes.has(name)) return [];
  if (renameType === "OBJECT_TRIGGER") return claims(partsOf(schema, name), "AccessExclusive");
  const inherits = (renameType === "OBJECT_COLUMN" || renameType === "OBJECT_TABCONSTRAINT") && relation.inh === true;
  return claims(inherits ? familyOf(schema, name) : [name], "AccessExclusive");
}

function locksOfComment({ objtype, object }: CommentStmt, schema: KnownSchema): readonly Claim[] {
  if (object === undefined) return [];
  if (objtype === "OBJECT_TABLE" || objtype === "OBJECT_VIEW" || objtype === "OBJECT_MATVIEW" || objtype === "OBJECT_FOREIGN_TABLE")
    return claims([nameOf(object)], "ShareUpdateExclusive");
  const owner = "List" in object ? joined(object.List.items?.slice(0, -1)) : "";
  if (objtype === "OBJECT_COLUMN") return claims([owner], "ShareUpdateExclusive");
  if (objtype === "OBJECT_TABCONSTRAINT" || objtype === "OBJECT_TRIGGER" || objtype === "OBJECT_POLICY" || objtype === "OBJECT_RULE")
    return claims(schema.relations.has(owner) ? [owner] : [], "AccessShare");
  return [];
}
