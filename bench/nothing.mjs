// A plugin whose target and steps do nothing, so that what is left of a deployment is the engine and its store.
import * as z from "zod";
import { definePlugin } from "../packages/core/dist/index.js";

/** What a deployment with it has. */
export const stepsEach = 10;

/** preflight, prepare, verify and promote are the plan's own. */
const ownSteps = stepsEach - 4;

const steps = Array.from({ length: ownSteps }, (_, index) => ({
  id: `nothing-${index}`,
  stage: "expand",
  idempotency: "natural",
  reversibility: "leave",
  run: async () => undefined,
}));

const check = { scope: "candidate", name: "nothing", run: () => ({ status: "up" }) };

export const nothing = definePlugin({
  id: "nothing",
  provides: ["target", "steps", "checks"],
  options: z.strictObject({}),
  setup: () => ({ target: createTarget(), steps, checks: [check] }),
});

function createTarget() {
  const made = new Map();
  let current;
  return {
    roles: ["web"],
    description: "nothing",
    prepare: async ({ key }) => {
      if (!made.has(key)) made.set(key, { id: `c${made.size + 1}` });
      return made.get(key);
    },
    observe: async ({ key }) => (made.has(key) ? { status: "applied", candidate: made.get(key) } : { status: "absent" }),
    promote: async ({ candidate }) => {
      current = candidate;
    },
    current: async () => (current === undefined ? undefined : { candidate: current, settled: true }),
    retained: async () => [],
  };
}
