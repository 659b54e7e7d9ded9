export * from "./contract/index.js";
export * from "./errors/index.js";
export { canonicalJson, digestOf, type Json, type JsonObject } from "./json/index.js";
export * from "./secret/index.js";
export * from "./store/index.js";
export * from "./time/index.js";
export { directory, image, type Source, type Sources } from "./config/source.js";
export type { AnalysisMetricOptions, AnalysisOptions } from "./config/analysis-options.js";
export type { RequirementOptions } from "./config/requirement-options.js";
export type { SmokeSubject, SmokeTest } from "./config/smoke-options.js";
export type { SmokeExpectation, SmokeRequest } from "./plan/index.js";
export { environmentSecrets } from "./config/environment-secrets.js";
export type {
  ApprovalOptions,
  BakeOptions,
  ComponentOptions,
  EnvironmentKind,
  EnvironmentOptions,
  FreezeOptions,
  ProviderOf,
  PruneOptions,
  QueuePolicy,
  RollbackOptions,
  RecurringFreezeOptions,
  VerifyOptions,
  Weekday,
} from "./config/environment-options.js";
export {
  blueGreen,
  canary,
  direct,
  rolling,
  type BlueGreenStrategy,
  type CanaryStep,
  type CanaryStrategy,
  type DirectStrategy,
  type Hold,
  type Percentage,
  type RollingStrategy,
  type Strategy,
} from "./config/strategy.js";
export type { ConfigurationProblem } from "./config/problem.js";
export { hasEnded, wayBack, type Attention, type DeploymentState, type MachineEvent, type Phase, type WayBack } from "./machine/index.js";
export { verifyExport, type JournalReport } from "./journal/index.js";
export type * from "./history/index.js";
export { createHealthMemory, type HealthMemoryOptions } from "./health-memory/create-health-memory.js";
export type { HealthMemory, MemoryClaim, RememberedChecks } from "./health/index.js";
export { createDeployer } from "./deployer/create-deployer.js";
export type { DeployerOptions } from "./deployer/options.js";
export type * from "./deployer/types.js";
