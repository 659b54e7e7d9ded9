export * from "./contract/index.js";
export * from "./errors/index.js";
export { canonicalJson, digestOf, type Json, type JsonObject } from "./json/index.js";
export * from "./secret/index.js";
export * from "./time/index.js";
