import { decide } from "./decide.js";
import { never, now, type Command, type DeploymentState } from "./state.js";

/** When there is something to do, epoch milliseconds: 0 is now, infinity not without an event. */
export function wakeTime(state: DeploymentState): number {
  return Math.min(never, ...decide(state).map(timeOf));
}

function timeOf(command: Command): number {
  return "notBefore" in command ? command.notBefore : now;
}
