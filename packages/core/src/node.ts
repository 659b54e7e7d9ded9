export * from "./health/node/index.js";
export type { ApplicationCheck, CheckResult, ProcessCheck } from "./contract/check.js";
export type { Clock } from "./time/clock.js";
export type { Duration } from "./time/duration.js";
