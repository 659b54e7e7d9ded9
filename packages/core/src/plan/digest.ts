import type { Plan, PlanStep } from "../contract/plan.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import { digestOf } from "../json/canonical-json.js";
import type { Json } from "../json/json.js";

/** Completes a plan with its digest. Throws `STEP_NOT_UNIQUE`: the journal knows steps by their ids alone. Throws `APPROVAL_TOO_EARLY`: nobody can agree to what is not known yet. */
export function sealPlan(plan: Omit<Plan, "digest">): Plan {
  requireUniqueSteps(plan);
  requireKnownAnswers(plan);
  return { ...plan, digest: digestOfPlan(plan) };
}

/** What will be done, independent of when, of the release's id, of where files lie and of what serves now. */
function digestOfPlan(plan: Omit<Plan, "digest">): string {
  return digestOf({
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
}

function requireUniqueSteps({ groups }: Pick<Plan, "groups">): void {
  const steps = groups.flatMap((group) => group.steps);
  for (const { id } of steps) {
    const same = steps.filter((other) => other.id === id);
    if (same.length > 1) throw fail(coreErrors, "STEP_NOT_UNIQUE", { step: id, operations: same.map(({ operation }) => operation) });
  }
}

function requireKnownAnswers({ groups }: Pick<Plan, "groups">): void {
  const before = new Set<unknown>();
  for (const { steps } of groups) {
    for (const { id, operation, input } of steps) {
      const to = operation === "gate.approval" && isObject(input["to"]) ? input["to"]["$output"] : undefined;
      if (typeof to === "string" && !before.has(to)) throw fail(coreErrors, "APPROVAL_TOO_EARLY", { step: id, to });
    }
    for (const { id } of steps) before.add(id);
  }
}

function digestedStep(step: PlanStep): Json {
  const artifact = step.input["artifact"];
  const input = isObject(artifact) ? { ...step.input, artifact: { ...artifact, path: undefined } } : step.input;
  // Whether a promote can be taken back depends on what serves now.
  const reversibility = step.operation === "target.promote" ? undefined : step.reversibility;
  return { ...step, input, reversibility, failure: step.failure && { ...step.failure }, description: undefined };
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json | undefined } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
