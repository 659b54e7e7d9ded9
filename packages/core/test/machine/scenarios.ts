import type { Plan, PlanStep } from "../../src/contract/plan.js";
import type { Limits } from "./world.js";

function step(id: string, fields: Partial<PlanStep> = {}): PlanStep {
  return {
    id,
    stage: "provision",
    operation: "test/step@1",
    input: {},
    description: id,
    effect: true,
    idempotency: "keyed",
    reversibility: "undo",
    timeout: 1,
    settle: 1,
    attempts: 1,
    ...fields,
  };
}

const gate = (id: string, operation: "gate.preflight" | "gate.bake"): PlanStep =>
  step(id, { operation, effect: false, reversibility: "leave", timeout: 1, settle: 0 });

function planOf(groups: readonly (readonly PlanStep[])[], rest: Partial<Plan> = {}): Plan {
  return {
    version: 1,
    kind: "deploy",
    application: "shop",
    environment: "production",
    strategy: "direct",
    release: { id: "rel_1", application: "shop", createdAt: "", provenance: {}, artifacts: {}, migrations: [], contentDigest: "" },
    components: [],
    groups: groups.map((steps) => ({ stage: "provision", steps })),
    compatibility: "code-only",
    warnings: [],
    digest: "sha256:plan",
    ...rest,
  };
}

export interface Scenario {
  readonly plan: Plan;
  readonly limits: Limits;
  readonly ends: readonly string[];
}

/** What is explored: each the whole of what can happen to a plan with so many accidents and wishes. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  "the road of a deployment, cut off, refused, aborted or left without answers anywhere": {
    plan: planOf([
      [gate("preflight", "gate.preflight")],
      [step("web.prepare"), step("worker.prepare")],
      [step("migrations.expand", { reversibility: "leave" })],
      [step("web.promote")],
      [gate("bake", "gate.bake")],
    ]),
    limits: { crashes: 2, aborts: 1 },
    ends: ["cancelled", "failed", "needs_attention", "rolled_back", "succeeded"],
  },
  "two crashes, and trying again": {
    plan: planOf([[step("a")], [step("b")]]),
    limits: { crashes: 2, aborts: 1, retries: 1, doubts: 1 },
    ends: ["cancelled", "needs_attention", "rolled_back", "succeeded"],
  },
  "two at once, two crashes": {
    plan: planOf([[step("a"), step("b")]]),
    limits: { crashes: 2, aborts: 1, retries: 1 },
    ends: ["cancelled", "needs_attention", "rolled_back", "succeeded"],
  },
  "a step that cannot be taken back: it asks, is tried again, or is taken back on demand": {
    plan: planOf([[step("a")], [step("contract", { reversibility: "irreversible" })], [step("b")]]),
    limits: { crashes: 1, aborts: 1, retries: 1, rollbacks: 1 },
    ends: ["cancelled", "needs_attention", "rolled_back", "succeeded"],
  },
  "gates that are put off, and paused over": {
    plan: planOf([[step("a")], [gate("wait", "gate.bake"), gate("watch", "gate.bake")], [step("b")]]),
    limits: { crashes: 1, aborts: 1, pauses: 1, deferrals: 1, words: 1 },
    ends: ["cancelled", "needs_attention", "rolled_back", "running", "succeeded"],
  },
  "gates that are left": {
    plan: planOf([[step("a")], [gate("wait", "gate.bake"), gate("watch", "gate.bake")]]),
    limits: { crashes: 1, aborts: 1, advances: 1, advancesAll: 1, deferrals: 1 },
    ends: ["cancelled", "needs_attention", "rolled_back", "running", "succeeded"],
  },
  "a fleet that may lose one of two, and one that asks": {
    plan: planOf([
      [
        step("a", { failure: { of: "fleet", most: 1, then: "take-back" } }),
        step("b", { failure: { of: "fleet", most: 1, then: "take-back" } }),
      ],
      [step("c", { failure: { of: "other", most: 0, then: "ask" } })],
    ]),
    limits: { crashes: 1, aborts: 1, retries: 1, rollbacks: 1 },
    ends: ["cancelled", "needs_attention", "rolled_back", "succeeded"],
  },
  "waiting for people, freezes and the claim": {
    plan: planOf([[step("a")]], { approval: { required: 2, expiresAfter: 2 } }),
    limits: { crashes: 1, aborts: 1, holds: 1, words: 3 },
    ends: ["cancelled", "expired", "needs_attention", "rejected", "rolled_back", "succeeded"],
  },
};

/** What takes half a minute, and finds what the others find: explored in `npm run test:matrix` alone. */
export const longScenarios: Readonly<Record<string, Scenario>> = {
  "gates that are left, and a step behind them": {
    plan: planOf([[step("a")], [gate("wait", "gate.bake"), gate("watch", "gate.bake")], [step("b")]]),
    limits: { crashes: 1, aborts: 1, advances: 1, advancesAll: 1, deferrals: 1 },
    ends: ["cancelled", "needs_attention", "rolled_back", "running", "succeeded"],
  },
};
