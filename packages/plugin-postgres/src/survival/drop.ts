import type { DropStmt } from "libpg-query";
import { joined, nameOf } from "../sql/names.js";
import { loses, needsDown, recipes, type Break } from "./break.js";
import type { Known } from "./known.js";
import { isNovel, named } from "./novelties.js";

/** What code may name, it misses when it is dropped; of what it does not name, that which changes what its statements do. */
export function breaksByDropping(statement: DropStmt, known: Known): readonly Break[] {
  const { removeType, objects = [] } = statement;
  const kind = removeType === undefined ? undefined : named[removeType];
  if (kind === undefined) return breaksByTakingOff(statement, known);
  const names = objects.map(nameOf).filter((name) => !isNovel(known.novelties, removeType, name));
  return names.map((name) => (keeping.includes(kind) ? needsDown : loses)(`drops ${kind} ${name}`.trimEnd(), recipes.drop));
}

/** A way back makes these again, since nothing is kept in them. */
const keeping: readonly string[] = ["the view", "the function", "the operator", "a cast", "the collation"];

function breaksByTakingOff({ removeType, objects = [] }: DropStmt, { novelties: { relations }, schema }: Known): readonly Break[] {
  if (removeType === "OBJECT_INDEX")
    return objects.map(nameOf).flatMap((name) => {
      const index = schema.indexes.get(name);
      if (index === undefined ? schema.complete : !index.unique || relations.has(index.table)) return [];
      return [needsDown(`drops the index ${name}, which \`on conflict\` may need`, recipes.drop)];
    });
  if (removeType === "OBJECT_STATISTIC_EXT") return [];
  if (removeType !== "OBJECT_TRIGGER" && removeType !== "OBJECT_RULE" && removeType !== "OBJECT_POLICY")
    return [needsDown(`drops ${objects.map(nameOf).join(", ")}`.trimEnd(), recipes.drop)];
  return objects.flatMap((one) => {
    const table = "List" in one ? joined(one.List.items?.slice(0, -1)) : "";
    const what =
      removeType === "OBJECT_POLICY" ? `hides rows of ${table} that a policy showed` : `changes what happens at writes to ${table}`;
    return relations.has(table) ? [] : [needsDown(what, recipes.look)];
  });
}
