import type { Json, JsonObject } from "./json.js";

/** The same with every text in it masked, names of members too; a number or a truth value that is masked becomes a text. */
export function maskedJson(value: JsonObject, mask: (text: string) => string): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [mask(name), item === undefined ? item : masked(item, mask)]));
}

function masked(value: Json, mask: (text: string) => string): Json {
  if (typeof value === "string") return mask(value);
  if (typeof value === "object" && value !== null) return isList(value) ? value.map((item) => masked(item, mask)) : maskedJson(value, mask);
  const text = String(value);
  const shown = mask(text);
  return shown === text ? value : shown;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
