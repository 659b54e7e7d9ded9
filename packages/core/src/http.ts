export * from "./http/index.js";
export type { Health } from "./health/index.js";
export type { Logger } from "./contract/call.js";
export { FairleadError, isFairleadError } from "./errors/fairlead-error.js";
export type { Clock } from "./time/clock.js";
