import { apply, begin } from "./apply.js";
import { decide } from "./decide.js";
import type { Command, DeploymentState, MachineEvent } from "./state.js";

export interface Transition {
  readonly state: DeploymentState;
  readonly commands: readonly Command[];
}

/** One step of the machine. Pure and total; `undefined` is a deployment that does not exist yet, which only `deployment.created` begins. */
export function transition(state: DeploymentState | undefined, event: MachineEvent): Transition | undefined {
  if (state === undefined) {
    if (event.type !== "deployment.created") return undefined;
    const created = begin(event);
    return { state: created, commands: decide(created) };
  }
  const next = apply(state, event);
  return { state: next, commands: decide(next) };
}

/** The state after a whole journal. */
export function fold(events: Iterable<MachineEvent>, from?: DeploymentState): DeploymentState | undefined {
  let state = from;
  for (const event of events)
    state = state === undefined ? (event.type === "deployment.created" ? begin(event) : undefined) : apply(state, event);
  return state;
}
