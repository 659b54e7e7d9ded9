export { isSecret, isSecretReference, secret, Secret, type SecretReference } from "./secret.js";
export { createRedactor, type Redactor } from "./redactor.js";
export type { RegisterOptions, RegisterResult } from "./registry.js";
export type { RedactingStream } from "./stream.js";
export type { SafeError } from "./error.js";
