export { decide, interruption } from "./decide.js";
export {
  hasEnded,
  stepsOf,
  type Attention,
  type AttemptState,
  type Command,
  type DeploymentState,
  type MachineEvent,
  type Phase,
  type RecordedEvent,
  type StepState,
} from "./state.js";
export { fold, transition, type Transition } from "./transition.js";
