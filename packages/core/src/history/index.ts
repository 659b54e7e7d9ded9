export { accountOf, emptyAccount, restoredIn, waitedFor, type Account } from "./account.js";
export {
  changesBetween,
  type ComponentChange,
  type KnownRelease,
  type ReleaseChanges,
  type VariableChange,
  type ReleaseVariables,
} from "./changes.js";
export { explain } from "./explain.js";
export type * from "./explanation.js";
export type { WaitsFor } from "./waits-for.js";
export { spreadOf, statisticsOf, type EnvironmentStatistics, type PastDeployment, type Spread } from "./statistics.js";
export {
  approvalsOutlook,
  stepsOutlook,
  type ApprovalOutlook,
  type FreezeOutlook,
  type PlanOutlook,
  type StepFateOnRollback,
  type StepOutlook,
} from "./outlook.js";
