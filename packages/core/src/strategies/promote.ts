import type { PlanStep } from "../contract/plan.js";
import type { Candidate } from "../contract/release.js";
import type { RequestedComponent } from "../plan/request.js";
import { effectStep } from "../plan/step.js";

/** Makes a component's candidate serve: the one that is `known`, or what the deployment has prepared. */
export function promoteStep(component: RequestedComponent, settle: number, known?: Candidate): PlanStep {
  const { name, target, promoteTimeout, previous } = component;
  return effectStep({
    id: `${name}.promote`,
    stage: "promote",
    component: name,
    operation: "target.promote",
    provider: target,
    input: { candidate: known === undefined ? { $output: `${name}.prepare` } : { ...known } },
    description: `make the ${known === undefined ? "new" : "retained"} ${name} serve`,
    timeout: promoteTimeout,
    settle,
    idempotency: "natural",
    reversibility: previous === undefined ? "irreversible" : "undo",
  });
}
