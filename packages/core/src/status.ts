export * from "./status/index.js";
export type { Logger } from "./contract/call.js";
export type { Store } from "./contract/store.js";
export { FairleadError, isFairleadError } from "./errors/fairlead-error.js";
export type { Health } from "./health/index.js";
export type { Clock } from "./time/clock.js";
export type { Duration } from "./time/duration.js";
