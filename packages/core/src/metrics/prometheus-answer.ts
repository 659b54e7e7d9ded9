import * as z from "zod";
import type { MetricSeries } from "../contract/metrics.js";

const value = z.tuple([z.number(), z.string()]);

/** An answer of `/api/v1/query` as Prometheus documents it: one number for each series, or one for all. */
const answer = z.object({
  status: z.literal("success"),
  data: z.discriminatedUnion("resultType", [
    z.object({ resultType: z.literal("vector"), result: z.array(z.object({ metric: z.record(z.string(), z.string()), value })) }),
    z.object({ resultType: z.literal("scalar"), result: value }),
  ]),
  warnings: z.array(z.string()).optional(),
});

const refusal = z.object({ status: z.literal("error"), errorType: z.string(), error: z.string() });

export interface PrometheusAnswer {
  readonly series: readonly MetricSeries[];
  /** What the server says about its answer: that a part of its stores did not answer, say. */
  readonly warnings: readonly string[];
}

/** The numbers of an answer; `NaN` and infinities are no data. Nothing where it is no such answer. */
export function readAnswer(json: unknown): PrometheusAnswer | undefined {
  const parsed = answer.safeParse(json);
  if (!parsed.success) return undefined;
  const { data, warnings = [] } = parsed.data;
  const all = data.resultType === "scalar" ? [{ metric: {}, value: data.result }] : data.result;
  const series = all
    .map(({ metric, value: [, text] }) => ({ labels: metric, value: Number(text) }))
    .filter(({ value }) => Number.isFinite(value));
  return { series, warnings };
}

/** Why the server does not answer, in its own words. */
export function readRefusal(json: unknown): string | undefined {
  const parsed = refusal.safeParse(json);
  return parsed.success ? `${parsed.data.errorType}: ${parsed.data.error}` : undefined;
}
