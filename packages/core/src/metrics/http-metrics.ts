import * as z from "zod";
import { definePlugin } from "../contract/define-plugin.js";
import type { MetricQuestion } from "../contract/metrics.js";
import type { PluginFactory } from "../contract/plugin.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import { isSecret, type Secret, type SecretReference } from "../secret/index.js";
import type { Duration } from "../time/duration.js";
import { asksAboutWindow, fillIn } from "./fill-in.js";
import { requestJson } from "./request-json.js";
import { seriesOf, type MetricNumbers } from "./series.js";
import { addressOption, durationOption, headersOption } from "./source-options.js";

export interface HttpMetricsOptions {
  /** `$query`, `$release`, `$window` and `$at` are filled in, escaped. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string | SecretReference>>;
  /** Finds the numbers in the answer. Answers nothing, and not zero, where there are none. What it throws says that the answer is not understood. */
  readonly read: (body: unknown, question: MetricQuestion) => MetricNumbers;
  /** Whether the numbers are running totals or what was counted within the window. Default: within the window if the address or the query holds `$window`. */
  readonly counts?: "running" | "window";
  /** Most that one answer may take. Default `"10s"`. */
  readonly timeout?: Duration;
}

const options = z.strictObject({
  url: addressOption,
  headers: headersOption.default({}),
  read: z.custom<HttpMetricsOptions["read"]>((value) => typeof value === "function", { error: "Expected a function" }),
  counts: z.enum(["running", "window"]).optional(),
  timeout: durationOption.default("10s"),
});

/** Metrics from whatever answers JSON over HTTP: an OpenTelemetry backend, a log store, an application's own endpoint. */
export const httpMetrics: PluginFactory<"http-metrics", "metrics", HttpMetricsOptions> = definePlugin({
  id: "http-metrics",
  provides: ["metrics"],
  options,
  setup: ({ url, headers, read, counts, timeout }, { name, clock }) => ({
    metrics: {
      async query(question, call) {
        call.signal.throwIfAborted();
        const query = fillIn(question.query, question, (value) => value);
        const address = new URL(fillIn(url, question, encodeURIComponent).replaceAll("$query", () => encodeURIComponent(query)));
        const request = { source: name, url: address, method: "GET", headers: plainHeaders(headers), timeout } as const;
        const { ok, status, json } = await requestJson(request, { clock, call });
        if (!ok) throw fail(coreErrors, "METRICS_REFUSED", { source: name, answer: String(status) });
        const windowed = asksAboutWindow(url) || asksAboutWindow(question.query);
        return {
          series: seriesOf(numbersIn(json, { read, question, name }), name),
          counts: counts ?? (windowed ? "window" : "running"),
          query,
        };
      },
    },
  }),
});

function numbersIn(
  body: unknown,
  { read, question, name }: { readonly read: HttpMetricsOptions["read"]; readonly question: MetricQuestion; readonly name: string },
): MetricNumbers {
  try {
    return read(body, question);
  } catch (cause) {
    throw fail(coreErrors, "METRICS_ANSWER_STRANGE", { source: name, problem: "`read` does not understand it." }, { cause });
  }
}

/** Headers as they are sent. */
function plainHeaders(headers: Readonly<Record<string, string | Secret>>): Readonly<Record<string, string>> {
  const plain = Object.entries(headers).map(([name, value]) => [name, isSecret(value) ? value.reveal() : value] as const);
  return { accept: "application/json", ...Object.fromEntries(plain) };
}
