import type { RenameStmt } from "libpg-query";
import { needsDown, recipes, type Break } from "./break.js";
import { nameOf, nameOfRelation } from "./names.js";
import { isNovel, named, type Novelties } from "./novelties.js";

/** Code asks by names. */
export function breaksByRenaming({ renameType, relation, object, subname = "" }: RenameStmt, novelties: Novelties): readonly Break[] {
  const found = (what: string): readonly Break[] => [needsDown(`renames ${what}`, recipes.rename)];
  const name = relation === undefined ? nameOf(object) : nameOfRelation(relation);
  if (relation !== undefined && novelties.relations.has(name)) return [];
  if (renameType === "OBJECT_COLUMN" || renameType === "OBJECT_ATTRIBUTE")
    return novelties.columns.has(`${name}.${subname}`) ? [] : found(`${name}.${subname}`);
  if (renameType === "OBJECT_TABCONSTRAINT") return found(`the constraint ${subname} of ${name}`);
  if (renameType === "OBJECT_SCHEMA") return found(`the schema ${subname}`);
  if (renameType === "OBJECT_ROLE") return found("a role");
  if (renameType === "OBJECT_DATABASE") return found("a database");
  const kind = renameType === undefined ? undefined : named[renameType];
  return kind === undefined || isNovel(novelties, renameType, name) ? [] : found(`${kind} ${name}`);
}
