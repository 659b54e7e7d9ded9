export * from "./health/index.js";
export * from "./http/index.js";
export type { CallOptions, Logger } from "./contract/call.js";
export type { ApplicationCheck, CheckResult, CheckStatus, ProcessCheck } from "./contract/check.js";
export { FairleadError, isFairleadError } from "./errors/fairlead-error.js";
export type { Json, JsonObject } from "./json/json.js";
export type { Clock } from "./time/clock.js";
export type { Duration } from "./time/duration.js";
