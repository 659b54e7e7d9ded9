import type { Deviating } from "./deviations.js";

export const verifyDeviations: Readonly<Record<string, Deviating>> = {
  "verifies nothing": {
    deviation: () => ({ verify: async ({ signal }) => (signal.throwIfAborted(), []) }),
    fails: ["of what cannot run nobody says that it can", "what a plan finds wrong, verifying finds wrong"],
  },
  "runs nothing to verify it": {
    deviation: (good) => ({ verify: async (call) => (await good.plan(call)).findings }),
    fails: ["of what cannot run nobody says that it can"],
  },
  "verifies without looking at what was applied": {
    deviation: (good, { schema }) => ({
      verify: async (call) => (await good.verify(call)).filter(({ migration }) => !schema.ledger.has(migration)),
    }),
    fails: ["what a plan finds wrong, verifying finds wrong"],
  },
  "finds fault with what can run": {
    deviation: (good) => ({
      verify: async (call) => {
        const findings = await good.verify(call);
        const { pending } = await good.plan(call);
        return findings.length > 0
          ? findings
          : pending.map(({ id }) => ({ severity: "error" as const, migration: id, message: "looks odd.", hint: "Look at it." }));
      },
    }),
    fails: ["what can run has no error"],
  },
  "blames another": {
    deviation: (good) => ({
      verify: async (call) =>
        (await good.verify(call)).map((one) => ({ ...one, migration: one.message === "cannot run." ? "0001_expand" : one.migration })),
    }),
    fails: ["of what cannot run nobody says that it can"],
  },
  "tries it on the real database": {
    deviation: (good) => ({
      verify: async (call) => {
        const findings = await good.verify(call);
        const { pending } = await good.plan(call);
        await good
          .apply(
            { phase: "expand", migrations: pending, release: "rel_tried" },
            { ...call, environment: "production", deploymentId: "dep_tried", idempotencyKey: "tried" },
          )
          .catch(() => undefined);
        return findings;
      },
    }),
    fails: ["of what cannot run nobody says that it can", "verifying changes nothing"],
  },
};
