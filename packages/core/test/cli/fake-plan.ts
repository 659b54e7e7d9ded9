import type { Plan, PlanStep } from "../../src/contract/plan.js";
import type { Stage } from "../../src/contract/step.js";

export const releaseId = "rel_01k9x2m4v8q6t3w5y7z9a1b2c3";
export const deploymentId = "dep_01k9x2m4v8q6t3w5y7z9a1b2c3";

function step(id: string, stage: Stage, description: string, more: Partial<PlanStep> = {}): PlanStep {
  return {
    id,
    stage,
    operation: "gate.preflight",
    input: {},
    description,
    effect: false,
    idempotency: "natural",
    reversibility: "leave",
    timeout: 60_000,
    settle: 0,
    attempts: 1,
    ...more,
  };
}

/** A plan of four steps. */
export function fakePlan(more: Partial<Plan> = {}): Plan {
  return {
    version: 1,
    kind: "deploy",
    application: "shop",
    environment: "production",
    strategy: "direct",
    release: {
      id: releaseId,
      application: "shop",
      createdAt: "2026-11-21T10:00:00.000Z",
      provenance: { commit: "1a2b3c4d5e6f", branch: "main", message: "Mend the basket" },
      artifacts: {},
      migrations: [],
      contentDigest: "sha256:content",
    },
    previousRelease: "rel_01k9x1aaaaaaaaaaaaaaaaaaaa",
    components: [{ name: "web", role: "web", target: "vercel", previous: { id: "dpl_1" } }],
    groups: [
      { stage: "preflight", steps: [step("preflight", "preflight", "ask every provider whether it is ready")] },
      {
        stage: "provision",
        steps: [
          step("web.prepare", "provision", "prepare web (12 files) at vercel", {
            effect: true,
            reversibility: "undo",
            operation: "target.prepare",
          }),
        ],
      },
      { stage: "verify", steps: [step("web.verify", "verify", "ask the new web whether it is well")] },
      {
        stage: "promote",
        steps: [
          step("web.promote", "promote", "make the new web serve", { effect: true, reversibility: "undo", operation: "target.promote" }),
        ],
      },
    ],
    compatibility: "code-only",
    warnings: [],
    digest: "sha256:5482b907567f7e5bdd6aeb9ec3f99f75222fb871d3abfdc5007414cb6fd091eb",
    ...more,
  };
}
