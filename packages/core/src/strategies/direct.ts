import type { PlanGroup } from "../contract/plan.js";
import type { Candidate } from "../contract/release.js";
import { effectStep } from "../plan/step.js";
import type { RequestedComponent } from "../plan/request.js";

/**
 * All traffic at once: promotes each component as soon as those it comes after have been. `candidates` names what to promote where it exists already; otherwise it is what the deployment
 * has prepared.
 */
export function directShift(
  components: readonly RequestedComponent[],
  settle: number,
  candidates?: Readonly<Record<string, Candidate>>,
): PlanGroup[] {
  return layers(components).map((layer) => ({
    stage: "promote",
    steps: layer.map((component) => {
      const known = candidates?.[component.name];
      return effectStep({
        id: `${component.name}.promote`,
        stage: "promote",
        component: component.name,
        operation: "target.promote",
        provider: component.target,
        input: { candidate: known === undefined ? { $output: `${component.name}.prepare` } : { ...known } },
        description: `make the ${known === undefined ? "new" : "retained"} ${component.name} serve`,
        timeout: component.promoteTimeout,
        settle,
        idempotency: "natural",
        reversibility: component.previous === undefined ? "irreversible" : "undo",
      });
    }),
  }));
}

/** Components in the order in which they come after one another. The configuration has no cycles: it was checked. */
function layers(components: readonly RequestedComponent[]): RequestedComponent[][] {
  const placed = new Set<string>();
  const result: RequestedComponent[][] = [];
  let rest = components;
  while (rest.length > 0) {
    const names = new Set(rest.map(({ name }) => name));
    const layer = rest.filter(({ after }) => after.every((name) => placed.has(name) || !names.has(name)));
    if (layer.length === 0) return [...result, [...rest]];
    result.push([...layer]);
    for (const { name } of layer) placed.add(name);
    rest = rest.filter(({ name }) => !placed.has(name));
  }
  return result;
}
