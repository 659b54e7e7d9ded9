import type { PlanGroup, PlanStep } from "../contract/plan.js";
import type { Candidate } from "../contract/release.js";
import type { RequestedComponent } from "../plan/request.js";
import { promoteStep } from "./promote.js";
import { rollingSteps } from "./rolling.js";
import { closeStep, shiftSteps } from "./shift.js";

/**
 * Moves the traffic of all components, each by its strategy and as soon as those that it comes after have been promoted. What components do at the same place of their strategies they do at the
 * same time. `candidates` names what to promote where it exists already, and then at once; otherwise it is what the deployment has prepared.
 */
export function moveTraffic(
  components: readonly RequestedComponent[],
  settle: number,
  candidates?: Readonly<Record<string, Candidate>>,
): PlanGroup[] {
  return layers(components).flatMap((layer) => {
    if (candidates !== undefined) return abreast([promoteAll(layer, settle, candidates)]);
    const fleets = Map.groupBy(layer, fleetOf);
    return [
      ...abreast(layer.map((component) => shiftSteps(component, settle))),
      ...abreast(
        [...fleets].map(([fleet, members]) => (fleet === undefined ? promoteAll(members, settle) : rollingSteps(fleet, members, settle))),
      ),
    ];
  });
}

function promoteAll(
  components: readonly RequestedComponent[],
  settle: number,
  candidates?: Readonly<Record<string, Candidate>>,
): readonly (readonly PlanStep[])[] {
  return [
    components.map((component) => promoteStep(component, settle, candidates?.[component.name])),
    components.flatMap((component) => closeStep(component, settle)),
  ];
}

/** Places that move one after another; `undefined`: it moves with all others. */
function fleetOf({ name, fleet = name, strategy }: RequestedComponent): string | undefined {
  return strategy.kind === "rolling" ? fleet : undefined;
}

/** What a plan calls the ways in which its components move. */
export function strategyName(components: readonly RequestedComponent[]): string {
  return [...new Set(components.map(({ strategy }) => strategy.kind))].join(" and ");
}

/** The first of each at the same time, then the second of each, and so on. */
function abreast(sequences: readonly (readonly (readonly PlanStep[])[])[]): PlanGroup[] {
  const longest = Math.max(0, ...sequences.map(({ length }) => length));
  return Array.from({ length: longest }, (_, index) => {
    const steps = sequences.flatMap((sequence) => sequence[index] ?? []);
    return { stage: steps[0]?.stage ?? "promote", steps };
  });
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
