export { createEnv, type EnvOptions } from "./env/create-env.js";
export type { Env, EnvVariables, RunningRelease } from "./env/variables.js";
export type { StandardIssue, StandardResult, StandardSchema } from "./contract/standard-schema.js";
export { FairleadError, isFairleadError } from "./errors/fairlead-error.js";
export { isSecret, Secret } from "./secret/secret.js";
