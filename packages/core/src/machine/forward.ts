import type { PlanGroup, PlanStep } from "../contract/plan.js";
import { attemptOf, errorOf, errorsOf, isRunningHere, unsettled } from "./attempts.js";
import { isLeavable } from "./gates.js";
import { currentGroup, failedSteps, stoppingStep } from "./losses.js";
import { never, now, record, stepsOf, type AttemptState, type Command, type DeploymentState } from "./state.js";
import { keptFromReturning } from "./way-back.js";

/** On the road of the plan, or off it: back where a step failed or somebody wants it to stop. */
export function forward(state: DeploymentState): readonly Command[] {
  if (state.kind === "adopt") return [finish(state)];
  const open = stepsOf(state.plan).flatMap((step) => unsettled(state, step, "forward"));
  const lost = failedSteps(state);
  const failed = stoppingStep(lost);
  if (failed !== undefined || state.abort !== null || state.forced !== null) {
    const running = stepsOf(state.plan).filter((step) => isRunningHere(state, step, "forward"));
    if (running.length > 0 || open.length > 0) {
      const cancelled = state.abort !== null || state.forced !== null ? running : running.filter((step) => isInTheWay(state, step));
      return [...cancelled.map((step): Command => ({ type: "cancel", step, direction: "forward" })), ...open];
    }
    return [turnBack(state, state.abort === null ? failed : undefined)];
  }
  const group = currentGroup(state);
  const left = leftGates(state, group);
  if (left.length > 0) return left;
  if (open.length > 0) return open;
  if (lost.some(({ stage }) => stage !== group?.stage)) return [askAbout(state, lost, "not everything has moved")];
  if (group === undefined) return [finish(state)];
  return group.steps.flatMap((step): Command[] => {
    const attempt = attemptOf(state, step, "forward");
    const notBefore = whenToTry(state, attempt);
    return notBefore === undefined ? [] : [{ type: "attempt", step, direction: "forward", attempt: attempt.attempt + 1, notBefore }];
  });
}

/** Once a step has failed nothing waits for what only asks, where there is something to take back. */
function isInTheWay({ intents }: DeploymentState, { effect }: PlanStep): boolean {
  return !effect && intents.length > 0;
}

/** When a step is begun, or tried again after it was deferred; `undefined` if it is under way or done. While it is paused nothing is begun. */
function whenToTry({ pause }: DeploymentState, attempt: AttemptState): number | undefined {
  if (attempt.status !== "waiting" && attempt.status !== "deferred") return undefined;
  if (pause !== null) return never;
  return attempt.status === "deferred" ? (attempt.until ?? never) : now;
}

/** Gates that a person wants to leave, now that the deployment is there. */
function leftGates(state: DeploymentState, group: PlanGroup | undefined): readonly Command[] {
  const isLeft = (step: PlanStep): boolean => isLeavable(step) && (state.advanceAll !== null || state.advanced.includes(step.id));
  return (group?.steps ?? []).filter(isLeft).flatMap((step): Command[] => {
    const attempt = attemptOf(state, step, "forward");
    if (attempt.status === "succeeded") return [];
    const data = { step: step.id, direction: "forward" as const, attempt: attempt.attempt, output: { advanced: true }, observed: false };
    return [
      ...(attempt.status === "started" ? [{ type: "cancel" as const, step, direction: "forward" as const }] : []),
      record({ type: "step.succeeded", data }),
    ];
  });
}

function turnBack(state: DeploymentState, failed: PlanStep | undefined): Command {
  const error = failed === undefined ? null : errorOf(attemptOf(state, failed, "forward"));
  if (state.intents.length === 0) {
    return error !== null && failed !== undefined
      ? record({ type: "deployment.failed", data: { step: failed.id, error } })
      : record({ type: "deployment.cancelled", data: { reason: state.abort?.reason ?? null } });
  }
  const question = state.forced === null ? questionBeforeReturn(state, failed) : undefined;
  if (question !== undefined) return question;
  const cause = state.forced !== null ? "asked" : failed === undefined ? "abort" : "step-failed";
  return record({ type: "rollback.started", data: { cause, step: failed?.id ?? null, error } });
}

/** A person decides where not everything can be taken back, and where the fleet wants it so. */
function questionBeforeReturn(state: DeploymentState, failed: PlanStep | undefined): Command | undefined {
  const passed = keptFromReturning(state);
  if (passed.length > 0) {
    const why = failed === undefined ? "It was asked to stop" : `${failed.id} failed`;
    return ask(state, `${why}, but ${passed.map(({ id }) => id).join(", ")} cannot be taken back.`);
  }
  return failed?.failure?.then === "ask" ? askAbout(state, [failed], "the others wait") : undefined;
}

/** Some of many have failed: a release that serves in some places alone is never called a success. */
function askAbout(state: DeploymentState, failed: readonly PlanStep[], meanwhile: string): Command {
  return ask(state, `${failed.map(({ id }) => id).join(", ")} failed, and ${meanwhile}.`);
}

function ask(state: DeploymentState, reason: string): Command {
  return { type: "ask", reason, errors: errorsOf(state, stepsOf(state.plan), "forward"), options: ["retry", "take-back", "abandon"] };
}

function finish(state: DeploymentState): Command {
  const outcome = ({ deploy: "promoted", rollback: "rolled-back", adopt: "adopted" } as const)[state.kind];
  return record({ type: "deployment.succeeded", data: { outcome } });
}
