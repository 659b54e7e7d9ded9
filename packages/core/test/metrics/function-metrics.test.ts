import { metricsSuite, type PlantedMetric } from "@fairlead/testing/conformance";
import { describe, expect, test } from "vitest";
import { defineErrors, error, fail } from "../../src/index.js";
import { functionMetrics, takeSample, type MetricNumbers } from "../../src/metrics.js";
import { sourceOf } from "./support/source-of.js";

const errors = defineErrors({
  SHOP_COUNTERS_AWAY: error({ status: 503, retryable: true, message: () => "The counters are away.", hint: () => "Wait." }),
});

metricsSuite(
  { test, describe },
  {
    patience: "60s",
    async create() {
      let planted: readonly PlantedMetric[] = [];
      let isAway = false;
      const read = ({ release }: { readonly release: string }): MetricNumbers => {
        if (isAway) throw fail(errors, "SHOP_COUNTERS_AWAY", {});
        return planted.find((metric) => metric.release === release)?.series;
      };
      return {
        source: await sourceOf(functionMetrics({ read })),
        query: "requests",
        put: (metrics) => (planted = metrics),
        outage: () => (isAway = true),
        dispose: () => undefined,
      };
    },
  },
);

const call = { signal: new AbortController().signal, log: { info: () => undefined, warn: () => undefined, error: () => undefined } };

test("a sample has what each metric could answer, and the trouble of those that could not", async () => {
  const counters = await sourceOf(
    functionMetrics({ read: ({ query, release }) => (query === "all" ? 100 : release === "new" ? 3 : 1), counts: "window" }),
  );
  const broken = await sourceOf(functionMetrics({ read: () => Promise.reject(fail(errors, "SHOP_COUNTERS_AWAY", {})) }));
  const queries = { requests: "all", events: "errors" };
  const look = { releases: { candidate: "new", baseline: "old" }, at: 5, window: "30s" } as const;
  const sample = await takeSample({ metrics: { good: { source: counters, queries }, bad: { source: broken, queries } }, ...look }, call);
  expect(sample).toMatchObject({
    at: 5,
    metrics: {
      good: { kind: "counts", sides: { candidate: { requests: 100, events: 3 }, baseline: { requests: 100, events: 1 } } },
      bad: { kind: "trouble", problem: "The counters are away." },
    },
  });
});

test("a sample is not taken once nobody wants it", async () => {
  const source = await sourceOf(functionMetrics({ read: () => 1 }));
  const metrics = { good: { source, queries: { histogram: "all" } } };
  const look = { metrics, releases: { candidate: "new" }, at: 5, window: "30s" } as const;
  await expect(takeSample(look, { ...call, signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
});
