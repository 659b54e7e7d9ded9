import { defineErrors, error, fail, type MetricSource } from "@fairlead/core";
import type { MetricsFixture, PlantedMetric } from "../../src/conformance/metrics/fixture.js";

/** What fake sources throw. */
export const sourceErrors = defineErrors({
  FAKE_METRICS_UNREACHABLE: error<{ problem: string }>({
    status: 503,
    retryable: true,
    message: ({ problem }) => `The fake source does not answer: ${problem}`,
    hint: () => "Look at the case.",
  }),
  FAKE_METRICS_REFUSED: error<{ problem: string }>({
    status: 502,
    retryable: false,
    message: ({ problem }) => `The fake source refuses: ${problem}`,
    hint: () => "Look at the case.",
  }),
});

/** What a source knows. */
export interface Gauge {
  metrics: readonly PlantedMetric[];
  state: "answers" | "unreachable" | "silent";
}

/** What a source does otherwise than the good one. */
export type Deviation = (good: MetricSource, gauge: Gauge) => MetricSource["query"];

/** What the source is asked with. */
export const credential = "Qm7wTz4KxL9pVb2N";

const brokenQuery = "requests{";

/** A source in memory, a good one unless it deviates. */
export function createFixture(deviation?: Deviation): MetricsFixture {
  const gauge: Gauge = { metrics: [], state: "answers" };
  const good = goodSource(gauge);
  return {
    source: deviation === undefined ? good : { query: deviation(good, gauge) },
    query: 'requests{release="$release"}',
    windowQuery: 'requests{release="$release"}[$window]',
    brokenQuery,
    put: (metrics) => (gauge.metrics = metrics),
    outage: () => (gauge.state = "unreachable"),
    silence: () => (gauge.state = "silent"),
    credentials: [credential],
    dispose: () => undefined,
  };
}

/** The same where less can happen. */
export function without(fixture: MetricsFixture): MetricsFixture {
  const { windowQuery: _window, brokenQuery: _broken, outage: _outage, silence: _silence, credentials: _credentials, ...bare } = fixture;
  return bare;
}

function goodSource(gauge: Gauge): MetricSource {
  return {
    async query({ query, release, window }, call) {
      call.signal.throwIfAborted();
      if (query === brokenQuery) throw fail(sourceErrors, "FAKE_METRICS_REFUSED", { problem: "it does not understand." });
      if (gauge.state === "unreachable") throw fail(sourceErrors, "FAKE_METRICS_UNREACHABLE", { problem: "it was told so." });
      if (gauge.state === "silent")
        await new Promise((_, reject) => call.signal.addEventListener("abort", () => reject(new Error("aborted"))));
      const found = gauge.metrics.find((metric) => metric.release === release)?.series ?? [];
      const asked = query.replaceAll(/\$(release|window)/g, (_, name) => (name === "release" ? encodeURIComponent(release) : window));
      return {
        series: found.filter(({ value }) => Number.isFinite(value)).map(({ labels, value }) => ({ labels: { ...labels }, value })),
        counts: query.includes("$window") ? "window" : "running",
        query: asked,
        link: `https://metrics.example/?query=${encodeURIComponent(asked)}`,
      };
    },
  };
}
