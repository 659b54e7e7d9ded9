import type { Plan, PlanStep } from "../contract/plan.js";
import { digestOf } from "../json/canonical-json.js";
import type { Json } from "../json/json.js";

/** Completes a plan with its digest: what will be done, independent of when, of the release's id, of where files lie and of what serves now. */
export function sealPlan(plan: Omit<Plan, "digest">): Plan {
  const digest = digestOf({
    version: plan.version,
    kind: plan.kind,
    application: plan.application,
    environment: plan.environment,
    strategy: plan.strategy,
    content: plan.release.contentDigest,
    compatibility: plan.compatibility,
    components: plan.components.map(({ name, role, target }) => ({ name, role, target })),
    groups: plan.groups.filter(({ stage }) => stage !== "finalize").map(({ steps }) => steps.map(digestedStep)),
  });
  return { ...plan, digest };
}

function digestedStep(step: PlanStep): Json {
  const artifact = step.input["artifact"];
  const input = isObject(artifact) ? { ...step.input, artifact: { ...artifact, path: undefined } } : step.input;
  // Whether a promote can be taken back depends on what serves now.
  const reversibility = step.operation === "target.promote" ? undefined : step.reversibility;
  return { ...step, input, reversibility, description: undefined };
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json | undefined } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
