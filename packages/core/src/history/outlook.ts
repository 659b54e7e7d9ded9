import type { Plan, PlanStep } from "../contract/plan.js";
import { stepsOf, type MachineEvent, type WayBack } from "../machine/index.js";
import { successfulTimes } from "./explained-steps.js";
import { spreadOf, type Spread } from "./statistics.js";

/** What becomes of a step on a rollback. `asks`: it changes nothing. */
export type StepFateOnRollback = "asks" | PlanStep["reversibility"];

export interface StepOutlook {
  readonly id: string;
  readonly onRollback: StepFateOnRollback;
  /** How it is taken back, or why it is not, in words. */
  readonly undo: string;
  /** How long the same step took in the last deployments here that succeeded, in milliseconds. */
  readonly took: Spread;
}

/** People who have to agree. `before`: `start`, or the id of the step that asks them. */
export interface ApprovalOutlook {
  readonly required: number;
  readonly before: string;
  /** In milliseconds. */
  readonly expiresAfter: number;
}

/** A time in which no deployment begins. */
export interface FreezeOutlook {
  readonly reason: string;
  /** Whether it is now; otherwise soon. */
  readonly now: boolean;
  /** ISO 8601; `null`: it has begun already. */
  readonly from: string | null;
  /** ISO 8601; `null`: until somebody ends it. */
  readonly until: string | null;
}

/** What is to be expected of a plan in its environment: by its steps, by the history, and by what may keep it from beginning. */
export interface PlanOutlook {
  readonly steps: readonly StepOutlook[];
  /** How long the last deployments here that succeeded took, without what they waited for; in milliseconds. */
  readonly duration: Spread;
  readonly wayBack: WayBack;
  readonly approvals: readonly ApprovalOutlook[];
  /** The freeze that is now, those that recur as far as they begin within a week, and all that the configuration names by their dates. */
  readonly freezes: readonly FreezeOutlook[];
  /** The deployment that has the environment now. */
  readonly running: string | null;
  /** How many wait to begin. */
  readonly queued: number;
}

/** What a plan says about its steps, with the times that they took in these journals of deployments that succeeded. Pure. */
export function stepsOutlook(plan: Plan, journals: readonly (readonly MachineEvent[])[]): readonly StepOutlook[] {
  const times = journals.map(successfulTimes);
  return stepsOf(plan).map((step) => ({
    id: step.id,
    onRollback: step.effect ? step.reversibility : "asks",
    undo: undoWords(step, plan),
    took: spreadOf(times.flatMap((of) => of.get(step.id) ?? [])),
  }));
}

/** Who has to agree, by the plan alone. */
export function approvalsOutlook(plan: Plan): readonly ApprovalOutlook[] {
  const { approval } = plan;
  const steps = stepsOf(plan).flatMap(({ id, operation, input }) => {
    const { required, expiresAfter } = input;
    return operation === "gate.approval" && typeof required === "number" && typeof expiresAfter === "number"
      ? [{ required, before: id, expiresAfter }]
      : [];
  });
  return approval === undefined ? steps : [{ required: approval.required, before: "start", expiresAfter: approval.expiresAfter }, ...steps];
}

function undoWords({ effect, reversibility, operation, component, provider }: PlanStep, plan: Plan): string {
  if (!effect) return "changes nothing";
  if (reversibility === "irreversible") return irreversibleWords(operation);
  if (reversibility === "leave")
    return operation === "migrator.apply" ? "stays: the release before works with it" : "stays, which does no harm";
  const previous = plan.components.find(({ name }) => name === component)?.previous?.id;
  if (operation === "target.prepare") return "what was prepared is removed";
  if (operation === "target.promote") return previous === undefined ? "what served before serves again" : `${previous} serves again`;
  if (operation.startsWith("traffic.")) return "the traffic goes back to what served before";
  return `${provider ?? "it"} takes it back`;
}

function irreversibleWords(operation: string): string {
  if (operation === "target.promote") return "cannot be taken back: nothing served before";
  return "cannot be taken back: a failure from here on stops and asks a person";
}
