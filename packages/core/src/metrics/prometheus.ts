import * as z from "zod";
import { definePlugin } from "../contract/define-plugin.js";
import type { PluginFactory } from "../contract/plugin.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import type { Secret, SecretReference } from "../secret/index.js";
import type { Duration } from "../time/duration.js";
import { asksAboutWindow, fillIn } from "./fill-in.js";
import { readAnswer, readRefusal } from "./prometheus-answer.js";
import { requestJson } from "./request-json.js";
import { addressOption, durationOption, secretOption } from "./source-options.js";

export interface PrometheusOptions {
  /** Where the server is, with its path if it has one: `/api/v1/query` is put behind it. */
  readonly url: string;
  /** Sent as `Authorization: Bearer …`. */
  readonly token?: SecretReference;
  /** Sent as `Authorization: Basic …`. */
  readonly basic?: { readonly username: string; readonly password: SecretReference };
  /** Sent as they are, e.g. a tenant. Nothing secret. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Most that one answer may take. Default `"10s"`. */
  readonly timeout?: Duration;
}

const options = z
  .strictObject({
    url: addressOption,
    token: secretOption.optional(),
    basic: z.strictObject({ username: z.string(), password: secretOption }).optional(),
    headers: z.record(z.string(), z.string()).default({}),
    timeout: durationOption.default("10s"),
  })
  .refine(({ token, basic }) => token === undefined || basic === undefined, {
    error: "Expected one of `token` and `basic`, not both",
    path: ["token"],
  });

/**
 * Metrics from Prometheus, or from what answers its HTTP API: Thanos, Mimir, VictoriaMetrics. A query is PromQL with `$release` (in a text: `release="$release"`) and `$window`. One with `$window` answers what was
 * counted within it, one without answers running totals. Ask for totals per instance, as in `sum by (instance) (…)`: only so does a restart not look like requests that were never made.
 */
export const prometheus: PluginFactory<"prometheus", "metrics", PrometheusOptions> = definePlugin({
  id: "prometheus",
  provides: ["metrics"],
  options,
  setup: (given, { name, clock, redact }) => ({
    metrics: {
      async query(question, call) {
        call.signal.throwIfAborted();
        const query = fillIn(question.query, question, escapeText);
        const request = {
          source: name,
          url: below(given.url, "api/v1/query"),
          method: "POST",
          headers: { ...given.headers, ...authorization(given), accept: "application/json" },
          body: new URLSearchParams({ query, time: String(question.at / 1_000) }),
          timeout: given.timeout,
        } as const;
        const { ok, status, json } = await requestJson(request, { clock, call });
        if (!ok)
          throw fail(coreErrors, "METRICS_REFUSED", {
            source: name,
            answer: redact(`${String(status)} ${readRefusal(json) ?? ""}`.trim()),
          });
        const answer = readAnswer(json);
        if (answer === undefined)
          throw fail(coreErrors, "METRICS_ANSWER_STRANGE", { source: name, problem: "expected an instant vector." });
        for (const warning of answer.warnings) call.log.warn(`${name}: ${warning}`);
        return {
          series: answer.series,
          counts: asksAboutWindow(question.query) ? "window" : "running",
          query,
          link: linkTo(given.url, query),
        };
      },
    },
  }),
});

function authorization({
  token,
  basic,
}: {
  readonly token?: Secret | undefined;
  readonly basic?: { readonly username: string; readonly password: Secret } | undefined;
}): Readonly<Record<string, string>> {
  if (token !== undefined) return { authorization: `Bearer ${token.reveal()}` };
  if (basic === undefined) return {};
  return { authorization: `Basic ${Buffer.from(`${basic.username}:${basic.password.reveal()}`).toString("base64")}` };
}

function linkTo(url: string, query: string): string {
  const link = below(url, "graph");
  link.search = new URLSearchParams({ "g0.expr": query, "g0.tab": "0", "g0.range_input": "1h" }).toString();
  return link.href;
}

function below(url: string, path: string): URL {
  return new URL(path, url.endsWith("/") ? url : `${url}/`);
}

/** A value as it stands within a text of PromQL. */
function escapeText(value: string): string {
  return value.replaceAll(/["\\`'\n]/g, (character) => (character === "\n" ? "\\n" : `\\${character}`));
}
