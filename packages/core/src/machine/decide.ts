import type { Direction } from "../contract/deployment-events.js";
import type { PlanStep } from "../contract/plan.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail, serializeError } from "../errors/fairlead-error.js";
import { stepsOf, type Attention, type AttemptState, type AttemptTask, type Command, type DeploymentState } from "./state.js";

/** Everything that is to be done in this state, and nothing twice: what this holder has running gives no command unless it should stop. */
export function decide(state: DeploymentState): readonly Command[] {
  if (state.fence === 0) return [];
  switch (state.phase) {
    case "running":
      return state.kind === "adopt" ? [finish(state)] : forward(state);
    case "rolling_back":
      return backward(state);
    case "needs_attention":
    case "succeeded":
    case "rolled_back":
    case "failed":
    case "cancelled":
    case "abandoned":
      return [];
  }
}

function forward(state: DeploymentState): readonly Command[] {
  const open = stepsOf(state.plan).flatMap((step) => unsettled(state, step, "forward"));
  const failed = stepsOf(state.plan).find((step) => attemptOf(state, step, "forward").status === "failed");
  if (failed !== undefined || state.abort !== null) {
    const running = stepsOf(state.plan).filter((step) => isRunningHere(state, step, "forward"));
    if (running.length > 0 || open.length > 0) {
      const cancels = state.abort === null ? [] : running.map((step): Command => ({ type: "cancel", step, direction: "forward" }));
      return [...cancels, ...open];
    }
    return [turnBack(state, state.abort === null ? failed : undefined)];
  }
  if (open.length > 0) return open;
  const group = state.plan.groups.find(({ steps }) => steps.some((step) => attemptOf(state, step, "forward").status !== "succeeded"));
  if (group === undefined) return [finish(state)];
  return group.steps.flatMap((step): Command[] => {
    const attempt = attemptOf(state, step, "forward");
    return attempt.status === "waiting" ? [{ type: "attempt", step, direction: "forward", attempt: attempt.attempt + 1 }] : [];
  });
}

/** The last begun is taken back first, one at a time; one that cannot be taken back does not keep the others from it. */
function backward(state: DeploymentState): readonly Command[] {
  const steps = undoable(state);
  const open = steps.flatMap((step) => unsettled(state, step, "undo"));
  if (open.length > 0 || steps.some((step) => isRunningHere(state, step, "undo"))) return open;
  const next = steps.find((step) => attemptOf(state, step, "undo").status === "waiting");
  if (next !== undefined) return [{ type: "attempt", step: next, direction: "undo", attempt: attemptOf(state, next, "undo").attempt + 1 }];
  const errors = errorsOf(state, steps, "undo");
  if (errors.length > 0) {
    const names = errors.map(({ step }) => step).join(", ");
    return [{ type: "ask", reason: `Taking back ${names} did not work.`, errors, options: ["retry", "abandon"] }];
  }
  const { cause, step, error } = state.rollback ?? { cause: "abort", step: null, error: null };
  return [{ type: "record", event: { type: "deployment.rolled-back", data: { cause, step, error } } }];
}

function turnBack(state: DeploymentState, failed: PlanStep | undefined): Command {
  const error = failed === undefined ? null : errorOf(attemptOf(state, failed, "forward"));
  if (state.intents.length === 0) {
    return error !== null && failed !== undefined
      ? { type: "record", event: { type: "deployment.failed", data: { step: failed.id, error } } }
      : { type: "record", event: { type: "deployment.cancelled", data: { reason: state.abort?.reason ?? null } } };
  }
  const passed = stepsOf(state.plan).filter((step) => step.reversibility === "irreversible" && state.intents.includes(step.id));
  if (passed.length > 0) {
    const names = passed.map(({ id }) => id).join(", ");
    const why = failed === undefined ? "It was asked to stop" : `${failed.id} failed`;
    return {
      type: "ask",
      reason: `${why}, but ${names} cannot be taken back.`,
      errors: errorsOf(state, stepsOf(state.plan), "forward"),
      options: ["retry", "abandon"],
    };
  }
  return {
    type: "record",
    event: { type: "rollback.started", data: { cause: failed === undefined ? "abort" : "step-failed", step: failed?.id ?? null, error } },
  };
}

function finish(state: DeploymentState): Command {
  const outcome = ({ deploy: "promoted", rollback: "rolled-back", adopt: "adopted" } as const)[state.kind];
  return { type: "record", event: { type: "deployment.succeeded", data: { outcome } } };
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

/** An attempt of which nobody will report any more: its process is gone, or its call ended without an answer. */
function unsettled(state: DeploymentState, step: PlanStep, direction: Direction): Command[] {
  const attempt = attemptOf(state, step, direction);
  if (attempt.status === "interrupted") {
    return [
      { type: "observe", step, direction, attempt: attempt.attempt, notBefore: attempt.observeAt, again: false, error: attempt.error },
    ];
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

function isRunningHere(state: DeploymentState, step: PlanStep, direction: Direction): boolean {
  const attempt = attemptOf(state, step, direction);
  return attempt.status === "started" && attempt.fence === state.fence;
}

function attemptOf(state: DeploymentState, step: PlanStep, direction: Direction): AttemptState {
  return state.steps[step.id]?.[direction] ?? { status: "waiting", attempt: 0 };
}

function errorOf(attempt: AttemptState): Extract<AttemptState, { status: "failed" }>["error"] | null {
  return attempt.status === "failed" ? attempt.error : null;
}

function errorsOf(state: DeploymentState, steps: readonly PlanStep[], direction: Direction): Attention["errors"] {
  return steps.flatMap((step) => {
    const error = errorOf(attemptOf(state, step, direction));
    return error === null ? [] : [{ step: step.id, provider: step.provider ?? null, error }];
  });
}

/** What the holder of this lease has begun, and nobody has reported of. */
export function begunBy(fence: number, state: DeploymentState): readonly AttemptTask[] {
  const directions: readonly Direction[] = ["forward", "undo"];
  return stepsOf(state.plan).flatMap((step) =>
    directions.flatMap((direction) => {
      const attempt = attemptOf(state, step, direction);
      return attempt.status === "started" && attempt.fence === fence ? [{ step, direction, attempt: attempt.attempt }] : [];
    }),
  );
}

/** The error of an attempt whose process is gone. */
export function interruption(step: string): ReturnType<typeof serializeError> {
  return serializeError(fail(coreErrors, "STEP_INTERRUPTED", { step }));
}
