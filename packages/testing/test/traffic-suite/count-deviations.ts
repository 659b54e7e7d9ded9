import type { TrafficCount } from "@fairlead/core";
import type { Deviating } from "./deviations.js";

/** A router whose counts are changed before they are answered. */
function counting(change: (counts: readonly TrafficCount[]) => readonly TrafficCount[]): Deviating["deviation"] {
  return (good) => ({ counts: async (input, call) => change((await good.counts?.(input, call)) ?? []) });
}

export const countDeviations: Readonly<Record<string, Deviating>> = {
  "says that it counts, and does not": {
    abilities: { metrics: false },
    deviation: (good) => ({ describe: () => ({ ...good.describe(), metrics: true }) }),
    fails: ["it counts if it says so, and else it does not"],
  },
  "counts the requests of both for each": {
    deviation: counting((counts) => {
      const all = counts.reduce((sum, { requests }) => sum + requests, 0);
      return counts.map((count) => ({ ...count, requests: all }));
    }),
    fails: ["each request is counted of the candidate that it was sent to"],
  },
  "counts no errors": {
    deviation: counting((counts) => counts.map((count) => ({ ...count, errors: 0 }))),
    fails: ["what a candidate fails is counted as its error"],
  },
  "counts only what is answered": {
    deviation: counting((counts) => counts.map((count) => ({ ...count, requests: count.requests - count.errors, errors: 0 }))),
    fails: ["what a candidate fails is counted as its error"],
  },
  "counts more errors than requests": {
    deviation: counting((counts) => counts.map((count) => ({ ...count, errors: count.requests + 1 }))),
    fails: [
      "each request is counted of the candidate that it was sent to",
      "what a candidate fails is counted as its error",
      "what was counted is not less when the shares change, or the shift ends",
    ],
  },
  "begins to count anew with each share": {
    deviation: (good) => {
      let before: readonly TrafficCount[] = [];
      const since = (counts: readonly TrafficCount[]): readonly TrafficCount[] =>
        counts.map((count) => {
          const { requests = 0, errors = 0 } = before.find(({ candidate }) => candidate === count.candidate) ?? {};
          return { ...count, requests: count.requests - requests, errors: count.errors - errors };
        });
      return {
        counts: async (input, call) => since((await good.counts?.(input, call)) ?? []),
        async setWeights(input, call) {
          await good.setWeights(input, call);
          before = (await good.counts?.(input, call)) ?? [];
        },
      };
    },
    fails: [
      "each request is counted of the candidate that it was sent to",
      "what was counted is not less when the shares change, or the shift ends",
    ],
  },
};
