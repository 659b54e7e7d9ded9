export type { AnalysisSpec } from "./analysis-step.js";
export { compilePlan } from "./compile.js";
export { compileRollback } from "./rollback.js";
export type { OwnStep, PlanRequest, RequestedComponent } from "./request.js";
export { sealPlan } from "./digest.js";
export { wantedBy, type RequirementSpec } from "./requirement-step.js";
export type { SmokeAction, SmokeExpectation, SmokeRequest, SmokeSpec } from "./smoke-step.js";
export { gateStep, timeoutOf } from "./step.js";
export { servingAfterRollback } from "./serving-after-rollback.js";
