import type { PlanStep } from "../contract/plan.js";
import type { SerializedError } from "../errors/fairlead-error.js";
import { hasEnded, stepsOf, type AttemptState, type DeploymentState, type MachineEvent } from "../machine/index.js";
import type { ExplainedStep, StepFate } from "./explanation.js";

/** Whether a step ended because somebody asked the deployment to stop, and not because anything is wrong. */
export function wasStopped({ code }: Pick<SerializedError, "code">): boolean {
  return code === "DEPLOYMENT_ABORTED";
}

interface Times {
  /** Since when an attempt runs, epoch milliseconds. */
  since: number | undefined;
  took: number | null;
}

/** What became of each step of the plan, in its order. */
export function explainSteps(events: readonly MachineEvent[], state: DeploymentState): readonly ExplainedStep[] {
  const times = timesOf(events);
  return stepsOf(state.plan).map((step) => ({
    id: step.id,
    stage: step.stage,
    description: step.description,
    fate: fateOf(step, state),
    attempts: state.steps[step.id]?.forward.attempt ?? 0,
    took: times.get(`${step.id} forward`)?.took ?? null,
    undoTook: times.get(`${step.id} undo`)?.took ?? null,
  }));
}

/** How long each step ran, by its id, where it succeeded; in milliseconds. What it waited for between two attempts does not count. */
export function successfulTimes(events: readonly MachineEvent[]): ReadonlyMap<string, number> {
  const succeeded = events.flatMap((event) =>
    event.type === "step.succeeded" && event.data.direction === "forward" ? [event.data.step] : [],
  );
  const times = timesOf(events);
  return new Map(
    succeeded.flatMap((step) => {
      const took = times.get(`${step} forward`)?.took;
      return typeof took === "number" ? [[step, took] as const] : [];
    }),
  );
}

function timesOf(events: readonly MachineEvent[]): ReadonlyMap<string, Times> {
  const all = new Map<string, Times>();
  for (const { type, at, data } of events) {
    if (type === "step.started") {
      const key = `${data.step} ${data.direction}`;
      const times = all.get(key) ?? { since: undefined, took: 0 };
      // One that ended without an answer goes on until it is known what came of it.
      all.set(key, { ...times, since: times.since ?? at });
    } else if (type === "step.succeeded" || type === "step.failed" || type === "step.deferred") {
      const times = all.get(`${data.step} ${data.direction}`);
      if (times?.since === undefined) continue;
      times.took = (times.took ?? 0) + at - times.since;
      times.since = undefined;
    }
  }
  return all;
}

function fateOf(plan: PlanStep, state: DeploymentState): StepFate {
  const step = state.steps[plan.id];
  if (step === undefined) return "not-begun";
  if (step.undo.status === "succeeded") return "taken-back";
  if (step.undo.status === "failed") return "not-taken-back";
  if (step.forward.status === "succeeded") return wasLeft(plan, state) ? "stays" : "done";
  return step.forward.status === "waiting" && wasGivenUp(step.forward, state)
    ? "stopped"
    : unfinishedFate(step.forward, hasEnded(state.phase));
}

/** Whether it had begun and was left, because another one failed. */
function wasGivenUp({ attempt }: AttemptState, { phase }: DeploymentState): boolean {
  return attempt > 0 && phase !== "running";
}

/** Whether everything else has been taken back. */
function wasLeft({ effect, reversibility }: PlanStep, { phase, rollback }: DeploymentState): boolean {
  const isBack = phase === "rolled_back" || (phase === "abandoned" && rollback !== null);
  return isBack && effect && reversibility !== "undo";
}

function unfinishedFate(forward: Exclude<AttemptState, { status: "succeeded" }>, isOver: boolean): StepFate {
  switch (forward.status) {
    case "failed":
      return wasStopped(forward.error) ? "stopped" : "failed";
    case "deferred":
      return isOver ? "not-begun" : "waiting";
    case "started":
      return isOver ? "unknown" : "running";
    case "interrupted":
      return "unknown";
    case "waiting":
      return "not-begun";
  }
}
