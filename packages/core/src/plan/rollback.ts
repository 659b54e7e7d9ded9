import type { DeployedRelease } from "../contract/deployment-events.js";
import type { Plan } from "../contract/plan.js";
import { moveTraffic } from "../strategies/moves.js";
import { sealPlan } from "./digest.js";
import { planComponents, type RequestedComponent } from "./request.js";
import { gateStep } from "./step.js";

export interface RollbackRequest {
  readonly application: string;
  readonly environment: string;
  readonly to: DeployedRelease;
  readonly previousRelease: string | undefined;
  readonly components: readonly RequestedComponent[];
  readonly times: { readonly verify: number; readonly settle: number };
}

/**
 * The plan that puts a retained release back: probe it, then move to it. Neither builds nor touches the database. A component that the release does not have stays as it is: it has no step, and what serves as it
 * is pinned like everywhere.
 */
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
    components: planComponents(request.components),
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
      ...moveTraffic(components, times.settle, to.candidates).filter(({ steps }) => steps.length > 0),
    ],
    compatibility: "code-only",
    warnings: warningsOf(request),
  });
}

function warningsOf({ to, components }: RollbackRequest): readonly string[] {
  const { id } = to.release;
  const known = new Set(components.map(({ name }) => name));
  return [
    ...components
      .filter(({ name }) => to.candidates[name] === undefined)
      .map(({ name }) => `Release ${id} has no ${name}: what serves as ${name} now stays, beside components of that release.`),
    ...Object.keys(to.candidates)
      .filter((name) => !known.has(name))
      .map((name) => `Release ${id} also has ${name}, which is no longer configured here: it is not put back.`),
  ];
}
