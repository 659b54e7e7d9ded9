import type { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Logger } from "../../contract/call.js";
import { serializeError } from "../../errors/fairlead-error.js";
import type { Family } from "./family.js";

/** A registry of `prom-client`, of whichever copy. */
export type MetricsRegistry = Pick<Registry, "contentType" | "metrics" | "registerMetric" | "getSingleMetric">;

/** A request that was answered. */
export interface AnsweredRequest {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  /** In seconds. */
  readonly took: number;
}

/** What `/metrics` answers with. */
export interface PrometheusMetrics {
  observe(answered: AnsweredRequest): void;
  text(format: "prometheus" | "openmetrics"): Promise<{ readonly contentType: string; readonly text: string }>;
}

const buckets = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5];

/** Registers everything with the host's registry, or with one of its own for each format. `prom-client` is loaded here and nowhere else. */
export async function createPrometheus({
  families,
  registry,
  process,
  log,
}: {
  readonly families: readonly Family[];
  readonly registry: MetricsRegistry | undefined;
  readonly process: boolean;
  readonly log: Logger;
}): Promise<PrometheusMetrics> {
  // A CommonJS module: by this name in every bundler.
  const client = await import("prom-client").then((module) => module.default);
  const plain = new client.Registry();
  const open = new client.Registry<typeof client.openMetricsContentType>();
  open.setContentType(client.openMetricsContentType);
  const own = registry === undefined ? [plain, open as unknown as Registry] : [registry as Registry];
  const register = <Metric extends Counter | Gauge | Histogram>(metric: Metric): Metric => {
    for (const one of own) if (one.getSingleMetric(nameOf(metric)) === undefined) one.registerMetric(metric);
    return metric;
  };
  for (const family of families) register(metricOf(family));
  const labelNames = ["method", "route", "status"] as const;
  const requests = new client.Histogram({
    name: "fairlead_http_request_duration_seconds",
    help: "How long requests to Fairlead's own routes took, health excepted.",
    labelNames: [...labelNames],
    buckets,
    registers: [],
  });
  register(requests as unknown as Histogram);
  if (process && registry === undefined) {
    client.collectDefaultMetrics({ register: plain });
    for (const metric of plain.getMetricsAsArray()) {
      const single = plain.getSingleMetric(metric.name) as Gauge | undefined;
      if (single !== undefined && open.getSingleMetric(metric.name) === undefined) open.registerMetric(single);
    }
  }

  function metricOf({ name, help, kind, labels, read }: Family): Gauge | Counter {
    const fill = async (reset: () => void, set: (labels: Record<string, string>, value: number) => void): Promise<void> => {
      try {
        const samples = await read();
        reset();
        for (const sample of samples) set({ ...sample.labels }, sample.value);
      } catch (error) {
        // The last values stay: what else there is to tell is told.
        log.warn(`${name} could not be read: ${serializeError(error).message}`);
      }
    };
    const common = { name, help, labelNames: [...labels], registers: [] };
    if (kind === "gauge")
      return new client.Gauge({
        ...common,
        collect() {
          return fill(
            () => this.reset(),
            (given, value) => this.set(given, value),
          );
        },
      });
    return new client.Counter({
      ...common,
      collect() {
        return fill(
          () => this.reset(),
          (given, value) => this.inc(given, value),
        );
      },
    });
  }

  return {
    observe: ({ method, route, status, took }) => requests.observe({ method, route, status: String(status) }, took),
    async text(format) {
      const chosen = registry ?? (format === "openmetrics" ? (open as unknown as Registry) : plain);
      return { contentType: chosen.contentType, text: await chosen.metrics() };
    },
  };
}

function nameOf(metric: Counter | Gauge | Histogram): string {
  return (metric as unknown as { readonly name: string }).name;
}
