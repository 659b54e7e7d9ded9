export { begunBy, decide, interruption } from "./decide.js";
export {
  hasEnded,
  stepsOf,
  type Attention,
  type AttemptTask,
  type Command,
  type DeploymentState,
  type MachineEvent,
  type Phase,
} from "./state.js";
export { fold, transition } from "./transition.js";
