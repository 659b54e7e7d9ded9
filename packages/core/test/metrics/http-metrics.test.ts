import { openLine } from "@fairlead/test-support";
import { metricsSuite, type PlantedMetric } from "@fairlead/testing/conformance";
import { createTestClock } from "@fairlead/testing";
import { afterEach, describe, expect, test } from "vitest";
import { isFairleadError, secret } from "../../src/index.js";
import { httpMetrics, type HttpMetricsOptions, type MetricNumbers } from "../../src/metrics.js";
import { serve, type Heard, type HttpServer } from "./support/http-server.js";
import { sourceOf } from "./support/source-of.js";

const key = "Hn5rYw2CkQ8sXv3D";
const servers: HttpServer[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serving(answer: Parameters<typeof serve>[0]): Promise<HttpServer> {
  const server = await serve(answer);
  servers.push(server);
  return server;
}

metricsSuite(
  { test, describe },
  {
    patience: "60s",
    async create() {
      let planted: readonly PlantedMetric[] = [];
      const server = await serving(({ url }, response) => {
        if (url.searchParams.get("query") === "broken") return void response.writeHead(400).end('{"error":"what?"}');
        const found = planted.find(({ release }) => release === url.searchParams.get("release"))?.series ?? [];
        // JSON has no number that is none.
        response.end(JSON.stringify({ points: found.map(({ labels, value }) => [labels, Number.isFinite(value) ? value : "none"]) }));
      });
      const line = await openLine({ host: "127.0.0.1", port: server.port });
      const read = (body: unknown): MetricNumbers => {
        const { points } = body as { readonly points: readonly (readonly [Readonly<Record<string, string>>, number | "none"])[] };
        return points.map(([labels, value]) => ({ labels, value: value === "none" ? Number.NaN : value }));
      };
      const plugin = httpMetrics({
        url: `http://127.0.0.1:${String(line.port)}/points?release=$release&query=$query`,
        headers: { "x-api-key": secret("METRICS_KEY") },
        read,
      });
      return {
        source: await sourceOf(plugin, { secrets: { METRICS_KEY: key } }),
        query: "requests of $release",
        windowQuery: "requests of $release in $window",
        brokenQuery: "broken",
        put: (metrics) => (planted = metrics),
        outage: () => line.cut(),
        silence: () => line.silence(),
        credentials: [key],
        dispose: () => line.close(),
      };
    },
  },
);

const call = { signal: new AbortController().signal, log: { info: () => undefined, warn: () => undefined, error: () => undefined } };
const question = { query: "errors & more", release: "rel/1?", window: "90s", at: 1_700_000_000_500 } as const;
const read = (body: unknown): MetricNumbers =>
  typeof body === "object" && body !== null && "value" in body ? Number(body.value) : undefined;

/** Asks a server that answers so. */
async function asking(answer: Parameters<typeof serve>[0], options: Partial<HttpMetricsOptions> = {}) {
  const { origin } = await serving(answer);
  const source = await sourceOf(httpMetrics({ url: `${origin}/count`, read, ...options }), { secrets: { METRICS_KEY: key } });
  return source.query(question, call);
}

test("what is asked about is put into the address, escaped, and secrets into headers", async () => {
  const heard: Heard[] = [];
  const server = await serving((request, response) => {
    heard.push(request);
    response.end('{"value":7}');
  });
  const plugin = httpMetrics({
    url: `${server.origin}/$release/count?query=$query&since=$window&until=$at`,
    headers: { authorization: secret("METRICS_KEY"), "x-tenant": "shop" },
    read,
  });
  const source = await sourceOf(plugin, { secrets: { METRICS_KEY: key } });
  expect(await source.query(question, call)).toEqual({ series: [{ labels: {}, value: 7 }], counts: "window", query: "errors & more" });
  expect(heard[0]?.url.pathname).toBe("/rel%2F1%3F/count");
  expect(Object.fromEntries(heard[0]?.url.searchParams ?? [])).toEqual({ query: "errors & more", since: "90s", until: "1700000000.5" });
  expect(heard[0]?.headers).toMatchObject({ authorization: key, "x-tenant": "shop", accept: "application/json" });
});

test.each<[string, Parameters<typeof serve>[0], Partial<HttpMetricsOptions>, object]>([
  [
    "a redirect",
    (_, response) => void response.writeHead(302, { location: "/login" }).end(),
    {},
    { code: "METRICS_REFUSED", retryable: false },
  ],
  ["no access", (_, response) => void response.writeHead(403).end("{}"), {}, { code: "METRICS_REFUSED", retryable: false }],
  ["a page", (_, response) => void response.end("<html>"), {}, { code: "METRICS_ANSWER_STRANGE", retryable: false }],
  ["an outage", (_, response) => void response.writeHead(503).end(), {}, { code: "METRICS_BUSY", retryable: true }],
  [
    "too many questions",
    (_, response) => void response.writeHead(429, { "retry-after": "7" }).end(),
    {},
    { code: "METRICS_BUSY", retryable: true, retryAfter: 7_000 },
  ],
  [
    "a torn answer",
    (_, response) => response.writeHead(200, { "content-length": "99" }).write('{"va') && response.destroy(),
    {},
    { code: "METRICS_UNREACHABLE", retryable: true },
  ],
  [
    "what cannot be read",
    (_, response) => void response.end("[]"),
    { read: () => JSON.parse("{") as undefined },
    { code: "METRICS_ANSWER_STRANGE" },
  ],
  ["no numbers", (_, response) => void response.end('{"value":1}'), { read: () => "7" as never }, { code: "METRICS_ANSWER_STRANGE" }],
])("%s is no answer", async (_, answer, options, expected) => {
  await expect(asking(answer, options)).rejects.toMatchObject(expected);
});

test("nothing read is no data, and not zero", async () => {
  expect(await asking((_, response) => void response.end("{}"))).toMatchObject({ series: [] });
  expect(await asking((_, response) => void response.end('{"value":"many"}'))).toMatchObject({ series: [] });
});

test("an answer that does not come is given up after its own time", async () => {
  const clock = createTestClock();
  const { origin } = await serving(() => undefined);
  const source = await sourceOf(httpMetrics({ url: origin, read, timeout: "3s" }), { clock });
  const asked = source.query(question, call).catch((error: unknown) => error);
  await clock.advance("3s");
  const error = await asked;
  expect(isFairleadError(error, "METRICS_UNREACHABLE") && error.retryable && error.message).toContain("no answer within 3.0 s");
});

test.each<[string, Partial<HttpMetricsOptions>]>([
  ["credentials in an address", { url: "https://ada:hunter2@metrics.example" }],
  ["what is no address", { url: "metrics" }],
  ["what is no duration", { timeout: "soon" as "1s" }],
])("refuses %s", async (_, options) => {
  await expect(sourceOf(httpMetrics({ url: "https://metrics.example", read, ...options }))).rejects.toThrow(/^(?!.*hunter2)Expected/);
});
