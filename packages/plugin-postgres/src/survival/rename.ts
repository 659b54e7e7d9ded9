import type { ObjectType, RenameStmt } from "libpg-query";
import { nameOf, nameOfRelation } from "../sql/names.js";
import { needsDown, recipes, type Break } from "./break.js";
import type { Known } from "./known.js";
import { isNovel, named } from "./novelties.js";

/** What neither code nor what it writes asks for by its name. */
const unasked: readonly string[] = ["OBJECT_POLICY", "OBJECT_STATISTIC_EXT"];

/** Code asks by names. */
export function breaksByRenaming(
  { renameType = "OBJECT_TABLE", relation, object, subname = "" }: RenameStmt,
  { novelties, schema }: Known,
): readonly Break[] {
  const found = (what: string): readonly Break[] => [needsDown(`renames ${what}`, recipes.rename)];
  const name = relation === undefined ? nameOf(object) : nameOfRelation(relation);
  if (relation !== undefined && novelties.relations.has(name)) return [];
  if (renameType === "OBJECT_COLUMN" || renameType === "OBJECT_ATTRIBUTE")
    return novelties.columns.has(`${name}.${subname}`) ? [] : found(`${name}.${subname}`);
  const whole = wholly[renameType]?.(subname, name);
  if (whole !== undefined) return found(whole);
  const isUnasked =
    unasked.includes(renameType) || isNovel(novelties, renameType, name) || isPlainIndex(renameType, name, { novelties, schema });
  return isUnasked ? [] : found(`${nounOf(renameType)} ${name || subname}`);
}

const wholly: Readonly<Partial<Record<ObjectType, (subname: string, name: string) => string>>> = {
  OBJECT_TABCONSTRAINT: (subname, name) => `the constraint ${subname} of ${name}`,
  OBJECT_SCHEMA: (subname) => `the schema ${subname}`,
  OBJECT_ROLE: () => "a role",
  OBJECT_DATABASE: () => "a database",
};

/** Of any other one a constraint may have the name, which `on conflict on constraint` asks for. */
function isPlainIndex(type: ObjectType, name: string, { novelties, schema }: Known): boolean {
  const index = type === "OBJECT_INDEX" ? schema.indexes.get(name) : undefined;
  return index !== undefined && (!index.unique || novelties.relations.has(index.table));
}

function nounOf(type: ObjectType): string {
  return type === "OBJECT_INDEX" ? "the index" : (named[type] ?? "something of");
}
