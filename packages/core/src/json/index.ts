export type { Json, JsonObject } from "./json.js";
export { canonicalJson, digestOf } from "./canonical-json.js";
