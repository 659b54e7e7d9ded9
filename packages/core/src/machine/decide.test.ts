import { expect, test } from "vitest";
import type { ProcessIdentity } from "../contract/deployment-events.js";
import type { Plan } from "../contract/plan.js";
import { decide, fold, type MachineEvent } from "./index.js";

const step = {
  id: "web.promote",
  stage: "promote",
  operation: "test/promote@1",
  input: {},
  description: "",
  effect: true,
  idempotency: "natural",
  reversibility: "undo",
  timeout: 90_000,
  settle: 2_000,
  attempts: 1,
} as const;

const plan: Plan = {
  version: 1,
  kind: "deploy",
  application: "shop",
  environment: "production",
  strategy: "direct",
  release: { id: "rel_1", application: "shop", createdAt: "", provenance: {}, artifacts: {}, migrations: [], contentDigest: "" },
  components: [],
  groups: [{ stage: "promote", steps: [step] }],
  compatibility: "code-only",
  warnings: [],
  digest: "",
};

/** A holder began the step at 0, with 90 s; these came after it. */
function notBefore(...holders: readonly { readonly at: number; readonly predecessorDead: boolean }[]): number | undefined {
  const holder: ProcessIdentity = { name: "ci", host: "ci", pid: 1, boot: null, started: null };
  const started = (fence: number, at: number, predecessorDead: boolean): MachineEvent => ({
    type: "deployment.started",
    at,
    data: { holder, fence, predecessorDead },
  });
  const created: MachineEvent = {
    type: "deployment.created",
    at: 0,
    data: { deploymentId: "dep_1", kind: "deploy", plan, key: null, actor: { name: "ada", via: "cli" }, reason: null },
  };
  const begun: MachineEvent = {
    type: "step.started",
    at: 0,
    data: { step: step.id, direction: "forward", attempt: 1, fence: 1, deadline: 90_000 },
  };
  const state = fold([
    created,
    { type: "deployment.claimed", at: 0, data: {} },
    started(1, 0, true),
    begun,
    ...holders.map(({ at, predecessorDead }, index) => started(index + 2, at, predecessorDead)),
  ]);
  const command = state && decide(state).find(({ type }) => type === "observe");
  return command?.type === "observe" ? command.notBefore : undefined;
}

test("what a process left behind that is proven dead has settled soon after", () => {
  expect(notBefore({ at: 10_000, predecessorDead: true })).toBe(12_000);
});

test("what one left behind that only seems dead may take effect up to its deadline", () => {
  expect(notBefore({ at: 10_000, predecessorDead: false })).toBe(92_000);
});

test("that somebody else is proven dead says nothing about it", () => {
  expect(notBefore({ at: 10_000, predecessorDead: false }, { at: 20_000, predecessorDead: true })).toBe(92_000);
});

test("that it was proven dead once holds for whoever comes later", () => {
  expect(notBefore({ at: 10_000, predecessorDead: true }, { at: 20_000, predecessorDead: false })).toBe(12_000);
});
