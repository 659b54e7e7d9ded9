import type { PlanStep } from "../contract/plan.js";
import { attemptOf, errorsOf, isRunningHere, unsettled } from "./attempts.js";
import { now, record, stepsOf, type Command, type DeploymentState } from "./state.js";

/**
 * The last begun is taken back first, one at a time. One that cannot be taken back keeps what its component did before it: a candidate that still gets traffic is not removed. It does not keep
 * the other components from it.
 */
export function backward(state: DeploymentState): readonly Command[] {
  const steps = undoable(state);
  const open = steps.flatMap((step) => unsettled(state, step, "undo"));
  if (open.length > 0 || steps.some((step) => isRunningHere(state, step, "undo"))) return open;
  const stuck = new Set<string>();
  const next = steps.find((step) => {
    const { status } = attemptOf(state, step, "undo");
    if (status === "failed" && step.component !== undefined) stuck.add(step.component);
    return status === "waiting" && !stuck.has(step.component ?? "");
  });
  if (next !== undefined) {
    const { attempt } = attemptOf(state, next, "undo");
    return [{ type: "attempt", step: next, direction: "undo", attempt: attempt + 1, notBefore: now }];
  }
  const errors = errorsOf(state, steps, "undo");
  if (errors.length > 0) {
    const names = errors.map(({ step }) => step).join(", ");
    return [{ type: "ask", reason: `Taking back ${names} did not work.`, errors, options: ["retry", "abandon"] }];
  }
  const { cause, step, error } = state.rollback ?? { cause: "abort", step: null, error: null };
  return [record({ type: "deployment.rolled-back", data: { cause, step, error } })];
}

/** Steps that a rollback takes back, the last intent first. */
function undoable(state: DeploymentState): readonly PlanStep[] {
  const byId = new Map(stepsOf(state.plan).map((step) => [step.id, step]));
  return state.intents
    .map((id) => byId.get(id))
    .filter((step) => step?.reversibility === "undo")
    .filter((step) => step !== undefined)
    .reverse();
}
