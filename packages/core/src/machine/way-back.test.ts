import { expect, test } from "vitest";
import { fakePlan } from "../../test/cli/fake-plan.js";
import type { PlanStep } from "../contract/plan.js";
import { wayBack } from "./way-back.js";

function planOf(change: (step: PlanStep) => PlanStep): ReturnType<typeof fakePlan> {
  const plan = fakePlan();
  return { ...plan, groups: plan.groups.map(({ stage, steps }) => ({ stage, steps: steps.map(change) })) };
}

test("where the failure of a fleet's step stops and asks, that is no way back by itself", () => {
  const plan = planOf((step) => (step.id === "web.promote" ? { ...step, failure: { of: "web", most: 0, then: "ask" } } : step));
  expect(wayBack({ plan })).toEqual({ open: true, closes: null, asks: ["web.promote"], steps: 4 });
});

test("one that is taken back by itself asks nobody", () => {
  const plan = planOf((step) => (step.id === "web.promote" ? { ...step, failure: { of: "web", most: 0, then: "take-back" } } : step));
  expect(wayBack({ plan }).asks).toEqual([]);
});
