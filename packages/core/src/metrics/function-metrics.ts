import * as z from "zod";
import type { CallOptions } from "../contract/call.js";
import { definePlugin } from "../contract/define-plugin.js";
import type { MetricQuestion } from "../contract/metrics.js";
import type { PluginFactory } from "../contract/plugin.js";
import { seriesOf, type MetricNumbers } from "./series.js";

export interface FunctionMetricsOptions {
  /** Finds the numbers for a question. Rejects where it cannot; answers nothing, and not zero, where there is no data. */
  readonly read: (question: MetricQuestion, call: CallOptions) => Promise<MetricNumbers> | MetricNumbers;
  /** Whether the numbers are running totals or what was counted within the window. Default `"running"`. */
  readonly counts?: "running" | "window";
}

const options = z.strictObject({
  read: z.custom<FunctionMetricsOptions["read"]>((value) => typeof value === "function", { error: "Expected a function" }),
  counts: z.enum(["running", "window"]).default("running"),
});

/** Metrics from a function of your own. */
export const functionMetrics: PluginFactory<"function-metrics", "metrics", FunctionMetricsOptions> = definePlugin({
  id: "function-metrics",
  provides: ["metrics"],
  options,
  setup: ({ read, counts }, { name }) => ({
    metrics: {
      async query(question, call) {
        call.signal.throwIfAborted();
        return { series: seriesOf(await read(question, call), name), counts, query: question.query };
      },
    },
  }),
});
