import { setTimeout as sleep } from "node:timers/promises";
import type { TrafficRouter } from "@fairlead/core";
import type { EdgeApi } from "./edge-api.ts";

/** Shares are the edge's weights. */
export function edgeRouter(api: EdgeApi): TrafficRouter {
  return {
    describe: () => ({ weights: "any", drain: true, affinity: "cookie", segments: [], metrics: true, lossless: true }),
    async open({ stable, candidate, steps, ...component }, call) {
      await api.change(component, call, { method: "PUT", path: "shift", body: { stable: stable.id, candidate: candidate.id, steps } });
    },
    async setWeights({ weights, ...component }, call) {
      await api.change(component, call, { method: "PUT", path: "weights", body: weights });
    },
    getWeights: async (component, call) => (await api.read(component, call)).weights,
    async counts(component, call) {
      const { counts } = await api.read(component, call);
      return Object.entries(counts).map(([candidate, count]) => ({ candidate, ...count }));
    },
    async drain({ candidate, ...component }, call) {
      for (;;) {
        const inFlight = await api.drain(component, call, candidate.id);
        if (inFlight === 0) return { inFlight };
        await sleep(10, undefined, { signal: call.signal });
      }
    },
    async close(component, call) {
      await api.change(component, call, { method: "DELETE", path: "shift" });
    },
  };
}
