import type { PlanStep } from "../contract/plan.js";
import { stepsOf, type DeploymentState } from "./state.js";

/** How far a deployment can be taken back by itself. */
export interface WayBack {
  /** Whether everything that has begun can be: a failure, or the wish to stop, takes it back. Otherwise it stops and asks a person. */
  readonly open: boolean;
  /** The step with whose beginning it is no longer open, and its place in the plan: 1, 2, …; `null`: there is none. */
  readonly closes: { readonly step: string; readonly position: number } | null;
  /** Steps of a fleet whose failure stops the others and asks a person, who may have it taken back: it is not by itself. */
  readonly asks: readonly string[];
  /** How many steps the plan has. */
  readonly steps: number;
}

/** How far it can be taken back by itself, as it will be. Pure; of a plan that has not begun, nothing has begun. */
export function wayBack(state: Pick<DeploymentState, "plan"> & Partial<Pick<DeploymentState, "intents" | "forced">>): WayBack {
  const steps = stepsOf(state.plan);
  const index = steps.findIndex(isFinal);
  const step = steps[index];
  return {
    open: (state.forced ?? null) !== null || keptFromReturning({ plan: state.plan, intents: state.intents ?? [] }).length === 0,
    closes: step === undefined ? null : { step: step.id, position: index + 1 },
    asks: steps.filter(({ failure }) => failure?.then === "ask").map(({ id }) => id),
    steps: steps.length,
  };
}

/** Steps that have begun and cannot be taken back, nor may be left. */
export function keptFromReturning({ plan, intents }: Pick<DeploymentState, "plan" | "intents">): readonly PlanStep[] {
  return stepsOf(plan).filter((step) => isFinal(step) && intents.includes(step.id));
}

function isFinal({ reversibility }: PlanStep): boolean {
  return reversibility === "irreversible";
}
