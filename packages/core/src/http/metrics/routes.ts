import type { Logger } from "../../contract/call.js";
import { headerOf, textReply } from "../exchange.js";
import type { HttpOptions } from "../http-options.js";
import { defineRoute, type Route } from "../route.js";
import { familiesOf } from "./facts.js";
import { observeWith } from "./open-telemetry.js";
import { createPrometheus, type AnsweredRequest, type PrometheusMetrics } from "./prometheus.js";

/** `/metrics`, and what counts the requests that it tells of. */
export interface Metrics {
  readonly routes: readonly Route[];
  readonly observe: (answered: AnsweredRequest) => void;
}

/** How many requests are kept that were answered while `prom-client` was loaded. */
const mostEarly = 1_000;

export function createMetrics({ health, deployer, status, metrics }: HttpOptions, log: Logger): Metrics {
  if (metrics === undefined) return { routes: [], observe: () => undefined };
  const { registry, process = registry === undefined, path = "/metrics", openTelemetry } = metrics;
  const families = familiesOf({ health, deployer, status });
  if (openTelemetry !== undefined) observeWith(openTelemetry, families);
  const early: AnsweredRequest[] = [];
  let loaded: PrometheusMetrics | undefined;
  let loading: Promise<PrometheusMetrics> | undefined;
  const load = async (): Promise<PrometheusMetrics> => {
    loading ??= createPrometheus({ families, registry, process, log });
    loaded = await loading;
    for (const answered of early.splice(0)) loaded.observe(answered);
    return loaded;
  };
  const route = defineRoute({
    id: "metrics",
    method: "GET",
    path,
    place: "root",
    permission: "metrics.read",
    summary: "Numbers for Prometheus: as text, or as OpenMetrics where `Accept` asks for it.",
    answers: { 200: { description: "All metrics", contentType: "text/plain", otherType: "application/openmetrics-text" } },
    answer: async ({ request }) => {
      const wantsOpen = headerOf(request, "accept")?.includes("application/openmetrics-text") === true;
      const { contentType, text } = await (await load()).text(wantsOpen ? "openmetrics" : "prometheus");
      return textReply(200, text, { "content-type": contentType, "cache-control": "no-store", vary: "Accept" });
    },
  });
  return {
    routes: [route],
    observe(answered) {
      if (loaded !== undefined) loaded.observe(answered);
      else if (early.length < mostEarly) early.push(answered);
    },
  };
}
