import { digestOf } from "@fairlead/core";
import type { Deviating } from "./deviations.js";

export const observeDeviations: Readonly<Record<string, Deviating>> = {
  "calls gone what never was": {
    deviation: (good) => ({
      async observe(input, call) {
        const observation = await good.observe(input, call);
        return observation.status === "absent" ? { status: "undone" } : observation;
      },
    }),
    fails: ["a key that was never used is absent", "what can never become ready is refused for good, and serves nobody"],
  },
  "finds nothing by its key": {
    deviation: () => ({ observe: async () => ({ status: "absent" }) }),
    fails: [
      "a candidate is found by its key",
      "a candidate is found by its key also when it serves",
      "a candidate is found by its key from another process",
      "while a candidate is being made, nothing says that it failed or is gone",
    ],
  },
  "finds only what it made itself": {
    deviation: (good) => {
      const own = new Set<string>();
      return {
        prepare(input, call) {
          own.add(input.key);
          return good.prepare(input, call);
        },
        observe: async (input, call) => (own.has(input.key) ? good.observe(input, call) : { status: "absent" }),
      };
    },
    fails: [
      "a candidate is found by its key from another process",
      "while a candidate is being made, nothing says that it failed or is gone",
    ],
  },
  "calls absent what serves": {
    deviation: (good) => ({
      async observe(input, call) {
        const observation = await good.observe(input, call);
        const serving = await good.current(input, call);
        return observation.status === "applied" && observation.candidate.id === serving?.candidate.id ? { status: "absent" } : observation;
      },
    }),
    fails: ["a candidate is found by its key also when it serves"],
  },
  "calls failed what is being made": {
    deviation: (good) => ({
      async observe(input, call) {
        const observation = await good.observe(input, call);
        return observation.status === "in-progress" ? { status: "failed", reason: "not ready" } : observation;
      },
    }),
    fails: ["while a candidate is being made, nothing says that it failed or is gone"],
  },
  "makes what it is asked about": {
    deviation: (good) => ({
      async observe(input, call) {
        const observation = await good.observe(input, call);
        if (observation.status === "absent") {
          const artifact = { kind: "directory", digest: digestOf("asked"), files: 1 } as const;
          const release = {
            id: "rel_asked",
            application: input.application,
            createdAt: "2026-01-01T00:00:00.000Z",
            provenance: {},
            artifacts: {},
            migrations: [],
            contentDigest: artifact.digest,
          };
          await good.prepare(
            { ...input, key: `${input.key}/asked`, artifact, release, variables: {} },
            {
              ...call,
              environment: input.environment,
              deploymentId: "dep_asked",
              idempotencyKey: input.key,
            },
          );
        }
        return observation;
      },
    }),
    fails: ["a key that was never used is absent", "observing changes nothing"],
  },
};
