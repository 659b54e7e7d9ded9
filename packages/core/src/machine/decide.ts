import { admission } from "./admission.js";
import { backward } from "./backward.js";
import { forward } from "./forward.js";
import { isWaiting, type Command, type DeploymentState } from "./state.js";

/** Everything that is to be done in this state, and nothing twice: what this holder has running gives no command unless it should stop. */
export function decide(state: DeploymentState): readonly Command[] {
  if (isWaiting(state.phase)) return [admission(state)];
  // Only who has the lease does anything.
  if (state.fence === 0) return [];
  switch (state.phase) {
    case "running":
      return forward(state);
    case "rolling_back":
      return backward(state);
    default:
      return [];
  }
}
