import type { DeployedRelease } from "../contract/deployment-events.js";
import type { Plan } from "../contract/plan.js";
import { directShift } from "../strategies/direct.js";
import { sealPlan } from "./digest.js";
import type { RequestedComponent } from "./request.js";
import { gateStep } from "./step.js";

export interface RollbackRequest {
  readonly application: string;
  readonly environment: string;
  readonly to: DeployedRelease;
  readonly previousRelease: string | undefined;
  readonly components: readonly RequestedComponent[];
  readonly times: { readonly verify: number; readonly settle: number };
}

/** The plan that puts a retained release back: probe it, then move to it. Neither builds nor touches the database. */
export function compileRollback(request: RollbackRequest): Plan {
  const { application, environment, to, previousRelease, times } = request;
  const components = request.components.filter(({ name }) => to.candidates[name] !== undefined);
  return sealPlan({
    version: 1,
    kind: "rollback",
    application,
    environment,
    strategy: "direct",
    release: to.release,
    ...(previousRelease === undefined ? {} : { previousRelease }),
    components: components.map(({ name, role, target, previous }) => ({
      name,
      role,
      target,
      ...(previous === undefined ? {} : { previous }),
    })),
    groups: [
      {
        stage: "verify",
        steps: components.map((component) => ({
          ...gateStep({
            id: `${component.name}.verify`,
            stage: "verify",
            operation: "gate.candidate",
            description: `ask the retained ${component.name} whether it is well`,
            timeout: times.verify,
          }),
          component: component.name,
          input: { candidate: { ...to.candidates[component.name] }, within: times.verify },
        })),
      },
      ...directShift(components, times.settle, to.candidates),
    ],
    compatibility: "code-only",
    warnings: [],
  });
}
