export { approversOf, digestAsked, rejectionOf, stepAsked, summaryAsked, summaryOf, wasUpToPeople } from "./approval.js";
export { attemptOf, begunBy, interruption } from "./attempts.js";
export { decide } from "./decide.js";
export { openGates } from "./gates.js";
export {
  hasEnded,
  isWaiting,
  never,
  stepsOf,
  type Approval,
  type Attention,
  type AttemptState,
  type AttemptTask,
  type Command,
  type DeploymentState,
  type MachineEvent,
  type Phase,
} from "./state.js";
export { wakeTime } from "./wake.js";
export { fold, transition } from "./transition.js";
export { keptFromReturning, wayBack, type WayBack } from "./way-back.js";
