import type { PlanStep } from "../contract/plan.js";
import { gateStep } from "./step.js";

/** What another application has to serve before a deployment begins. Data only. */
export interface RequirementSpec {
  readonly application: string;
  readonly environment: string;
  /** This release, by its id or its commit. */
  readonly release: string | undefined;
  /** This release, or one that was made later. */
  readonly atLeast: string | undefined;
  readonly orElse: "wait" | "refuse";
  /** How long it is waited for, in milliseconds. */
  readonly within: number;
}

/** A step that asks whether another application serves what is required. */
export function requirementStep({ application, environment, release, atLeast }: RequirementSpec): PlanStep {
  const step = gateStep({
    id: `requires.${application}.${environment}`,
    stage: "preflight",
    operation: "gate.requirement",
    description: `require that ${application} serves ${wantedBy({ release, atLeast })} in ${environment}`,
    timeout: 60_000,
  });
  const wanted = { ...(release === undefined ? {} : { release }), ...(atLeast === undefined ? {} : { atLeast }) };
  return { ...step, input: { application, environment, ...wanted } };
}

/** What is required, in words. */
export function wantedBy({ release, atLeast }: Pick<RequirementSpec, "release" | "atLeast">): string {
  if (release !== undefined) return release;
  return atLeast === undefined ? "a release" : `${atLeast} or a later one`;
}
