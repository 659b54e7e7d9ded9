import type { Json, JsonObject } from "@fairlead/core";

/** The members of a summary that it can be found by: those that are texts, numbers or booleans. */
export function toLabels(summary: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(summary).flatMap(([member, value]): [string, Json][] => {
      if (typeof value === "string") return [[escape(member), escape(value)]];
      return typeof value === "boolean" || typeof value === "number" ? [[escape(member), value]] : [];
    }),
  );
}

/** The database's JSON has neither the character 0 nor half of a character; no two texts become one. */
function escape(text: string): string {
  return text.replace(/[\0\\\p{Surrogate}]/gu, (character) => `\\${(character.codePointAt(0) ?? 0).toString(16)}.`);
}
