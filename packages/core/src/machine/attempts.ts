import type { Direction } from "../contract/deployment-events.js";
import type { PlanStep } from "../contract/plan.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail, serializeError } from "../errors/fairlead-error.js";
import { stepsOf, type Attention, type AttemptState, type AttemptTask, type Command, type DeploymentState } from "./state.js";

const directions: readonly Direction[] = ["forward", "undo"];
const untouched: AttemptState = Object.freeze({ status: "waiting", attempt: 0 });

export function attemptOf(state: DeploymentState, step: PlanStep, direction: Direction): AttemptState {
  return state.steps[step.id]?.[direction] ?? untouched;
}

/** An attempt of which nobody will report any more: its process is gone, or its call ended without an answer. */
export function unsettled(state: DeploymentState, step: PlanStep, direction: Direction): Command[] {
  const attempt = attemptOf(state, step, direction);
  if (attempt.status === "interrupted") {
    const { observeAt, again, error } = attempt;
    return [{ type: "observe", step, direction, attempt: attempt.attempt, notBefore: observeAt, again, error }];
  }
  if (attempt.status === "started" && attempt.fence !== state.fence) {
    const last = Math.min(state.deaths[attempt.fence] ?? attempt.deadline, attempt.deadline);
    return [
      {
        type: "observe",
        step,
        direction,
        attempt: attempt.attempt,
        notBefore: step.effect ? last + step.settle : 0,
        again: true,
        error: null,
      },
    ];
  }
  return [];
}

export function isRunningHere(state: DeploymentState, step: PlanStep, direction: Direction): boolean {
  const attempt = attemptOf(state, step, direction);
  return attempt.status === "started" && attempt.fence === state.fence;
}

export function errorOf(attempt: AttemptState): Extract<AttemptState, { status: "failed" }>["error"] | null {
  return attempt.status === "failed" ? attempt.error : null;
}

export function errorsOf(state: DeploymentState, steps: readonly PlanStep[], direction: Direction): Attention["errors"] {
  return steps.flatMap((step) => {
    const error = errorOf(attemptOf(state, step, direction));
    return error === null ? [] : [{ step: step.id, provider: step.provider ?? null, error }];
  });
}

/** What the holder of this lease has begun, and nobody has reported of. */
export function begunBy(fence: number, state: DeploymentState): readonly AttemptTask[] {
  const begun: AttemptTask[] = [];
  for (const step of stepsOf(state.plan)) {
    for (const direction of directions) {
      const attempt = attemptOf(state, step, direction);
      if (attempt.status === "started" && attempt.fence === fence) begun.push({ step, direction, attempt: attempt.attempt });
    }
  }
  return begun;
}

/** The error of an attempt whose process is gone. */
export function interruption(step: string): ReturnType<typeof serializeError> {
  return serializeError(fail(coreErrors, "STEP_INTERRUPTED", { step }));
}
