import type { PlanGroup, PlanStep } from "../contract/plan.js";
import { attemptOf } from "./attempts.js";
import { stepsOf, type DeploymentState } from "./state.js";

/** Steps that failed and are not tried again by themselves. */
export function failedSteps(state: DeploymentState): readonly PlanStep[] {
  return stepsOf(state.plan).filter((step) => attemptOf(state, step, "forward").status === "failed");
}

/** Of the steps that failed the one that keeps the deployment from going on. */
export function stoppingStep(failed: readonly PlanStep[]): PlanStep | undefined {
  return failed.find((step) => !isTolerated(step, failed));
}

/** The first group that is not done: what failed and is tolerated is done for now. */
export function currentGroup(state: DeploymentState): PlanGroup | undefined {
  return state.plan.groups.find(({ steps }) =>
    steps.some((step) => {
      const { status } = attemptOf(state, step, "forward");
      return status !== "succeeded" && status !== "failed";
    }),
  );
}

function isTolerated({ failure }: PlanStep, failed: readonly PlanStep[]): boolean {
  return failure !== undefined && failed.filter((other) => other.failure?.of === failure.of).length <= failure.most;
}
