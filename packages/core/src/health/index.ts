export { createHealth } from "./create-health.js";
export { defineCheck, type CheckDeclaration } from "./define-check.js";
export type { Health, HealthOptions } from "./health.js";
export { httpCheck, type HttpCheckOptions } from "./http-check.js";
export type { CheckState, HealthSnapshot, HealthStatus } from "./snapshot.js";
