import type { JsonObject } from "@fairlead/core";

/** Plain data, as it is written in JSON. */
export function asJson<Value extends object>(value: Value): Value extends readonly unknown[] ? JsonObject[] : JsonObject {
  return JSON.parse(JSON.stringify(value)) as Value extends readonly unknown[] ? JsonObject[] : JsonObject;
}
