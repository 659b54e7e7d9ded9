import type { Candidate } from "../../contract/release.js";
import type { ComponentReference } from "../../contract/target.js";
import type { StepInput } from "../../contract/plan.js";
import { coreErrors } from "../../errors/core-errors.js";
import { fail } from "../../errors/fairlead-error.js";
import type { Json } from "../../json/json.js";
import type { OperationContext } from "../operation.js";

function isObject(value: Json | undefined): value is { readonly [key: string]: Json | undefined } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value from the journal is a candidate. */
export function isCandidate(value: Json | undefined): value is Candidate & { readonly [key: string]: Json | undefined } {
  return isObject(value) && typeof value["id"] === "string";
}

/** The candidate of a component, of those that a step names. */
export function candidateIn(candidates: Json | undefined, component: string): Candidate | undefined {
  const candidate = isObject(candidates) ? candidates[component] : undefined;
  return isCandidate(candidate) ? candidate : undefined;
}

/** The candidate that a step is about. */
export function candidateOf({ step, input }: { readonly step: OperationContext["step"]; readonly input: StepInput }): Candidate {
  const candidate = input["candidate"];
  if (!isCandidate(candidate)) throw fail(coreErrors, "STEP_UNKNOWN", { step: step.id, operation: step.operation });
  return candidate;
}

/** The component that a step is about. */
export function componentOf({ step, component }: Pick<OperationContext, "step" | "component">): ComponentReference {
  if (component === undefined) throw fail(coreErrors, "STEP_UNKNOWN", { step: step.id, operation: step.operation });
  return component;
}

/** The component and the plugin that a step is about. */
export function subjectOf(context: OperationContext): { readonly component: ComponentReference; readonly plugin: string } {
  const { step } = context;
  if (step.provider === undefined) throw fail(coreErrors, "STEP_UNKNOWN", { step: step.id, operation: step.operation });
  return { component: componentOf(context), plugin: step.provider };
}
