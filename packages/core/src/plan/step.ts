import type { Direction } from "../contract/deployment-events.js";
import type { PlanStep } from "../contract/plan.js";

type GateFields = Pick<PlanStep, "id" | "stage" | "operation" | "description" | "timeout">;

/** A step that only asks: it has nothing to undo, and may be asked again at any time. */
export function gateStep(fields: GateFields): PlanStep {
  return { ...fields, input: {}, effect: false, idempotency: "natural", reversibility: "leave", settle: 0, attempts: 1 };
}

/** A step that changes something outside. */
export function effectStep(fields: Omit<PlanStep, "effect" | "attempts">): PlanStep {
  return { ...fields, effect: true, attempts: 5 };
}

/** Most an attempt may take, in milliseconds. */
export function timeoutOf({ timeout, undoTimeout = timeout }: PlanStep, direction: Direction): number {
  return direction === "undo" ? undoTimeout : timeout;
}
