export * from "./contract/index.js";
export * from "./errors/index.js";
export { canonicalJson, digestOf, type Json, type JsonObject } from "./json/index.js";
export { isSecretReference, secret, Secret, type SecretReference } from "./secret/secret.js";
export * from "./time/index.js";
