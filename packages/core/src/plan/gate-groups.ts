import type { PlanGroup } from "../contract/plan.js";
import type { PlanRequest } from "./request.js";
import { requirementStep } from "./requirement-step.js";
import { smokeStep } from "./smoke-step.js";
import { gateStep } from "./step.js";

/** What other applications have to serve. */
export function requirements(request: PlanRequest): PlanGroup[] {
  return [{ stage: "preflight", steps: request.requirements.map(requirementStep) }];
}

/** The smoke tests that stand there. */
export function smokeTests({ smoke: tests }: PlanRequest, after: "verify" | "promote"): PlanGroup[] {
  return [{ stage: after === "verify" ? "verify" : "bake", steps: tests.filter((test) => test.after === after).map(smokeStep) }];
}

/** Behind the approval, which may take as long as it likes. */
export function freezeGate({ freezeHolds }: PlanRequest): PlanGroup[] {
  if (freezeHolds === "start") return [];
  const description = "wait for the end of a freeze, if there is one";
  return [
    { stage: "promote", steps: [gateStep({ id: "freeze", stage: "promote", operation: "gate.freeze", description, timeout: 60_000 })] },
  ];
}
