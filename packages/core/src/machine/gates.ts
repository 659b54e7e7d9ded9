import type { PlanStep } from "../contract/plan.js";
import { stepsOf, type DeploymentState } from "./state.js";

/** Gates that nobody leaves by wish: behind them nothing unproved comes near users, and those who have to agree are asked in their own words. */
const kept: readonly string[] = ["gate.preflight", "gate.requirement", "gate.candidate", "gate.smoke", "gate.approval"];

/** Whether a step is a gate that a person may leave. */
export function isLeavable({ operation, effect }: PlanStep): boolean {
  return !effect && operation.startsWith("gate.") && !kept.includes(operation);
}

/** The gates that it is in and that a person may leave. */
export function openGates(state: DeploymentState): readonly PlanStep[] {
  return stepsOf(state.plan).filter((step) => {
    const status = state.steps[step.id]?.forward.status;
    return isLeavable(step) && (status === "started" || status === "deferred");
  });
}
