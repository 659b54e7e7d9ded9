import { afterEach, expect, test } from "vitest";
import { secret } from "../../src/index.js";
import { prometheus, type PrometheusOptions } from "../../src/metrics.js";
import { serve, type Heard, type HttpServer } from "./support/http-server.js";
import { sourceOf } from "./support/source-of.js";

const password = "Bd7sPk4GvT9xWm2J";
const lines: string[] = [];
const log = { info: () => undefined, warn: (line: string) => void lines.push(line), error: () => undefined };
const call = { signal: new AbortController().signal, log };
const servers: HttpServer[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  lines.length = 0;
});

/** Asks something that answers like this. */
async function asking(status: number, answer: unknown, options: Partial<PrometheusOptions> = {}) {
  const heard: Heard[] = [];
  const server = await serve((request, response) => {
    heard.push(request);
    response.writeHead(status).end(JSON.stringify(answer));
  });
  servers.push(server);
  const source = await sourceOf(prometheus({ url: `${server.origin}/prometheus`, ...options }), {
    secrets: { PROMETHEUS_SECRET: password },
  });
  const question = { query: 'rate(errors{release="$release"}[$window])', release: 'a"b', window: "1500ms", at: 1_700_000_000_250 } as const;
  return { heard, answer: await source.query(question, call).catch((error: unknown) => error), origin: server.origin };
}

const vector = { status: "success", data: { resultType: "vector", result: [] } };

test("it is asked below its own path, at the moment of the look, with a duration that it understands", async () => {
  const { heard, answer, origin } = await asking(200, vector, { headers: { "x-scope-orgid": "shop" } });
  expect(heard[0]).toMatchObject({ method: "POST", url: { pathname: "/prometheus/api/v1/query" }, headers: { "x-scope-orgid": "shop" } });
  const query = String.raw`rate(errors{release="a\"b"}[1500ms])`;
  expect(Object.fromEntries(new URLSearchParams(heard[0]?.body))).toEqual({ query, time: "1700000000.25" });
  expect(answer).toMatchObject({ query, link: expect.stringContaining(`${origin}/prometheus/graph?g0.expr=`) });
});

test.each<[Partial<PrometheusOptions>, string | undefined]>([
  [{}, undefined],
  [{ token: secret("PROMETHEUS_SECRET") }, `Bearer ${password}`],
  [{ basic: { username: "ada", password: secret("PROMETHEUS_SECRET") } }, `Basic ${Buffer.from(`ada:${password}`).toString("base64")}`],
])("it is asked as the options say: %j", async (options, authorization) => {
  expect((await asking(200, vector, options)).heard[0]?.headers.authorization).toBe(authorization);
});

test("one who gives two ways to be known is refused", async () => {
  const both = { token: secret("A"), basic: { username: "ada", password: secret("B") } };
  await expect(sourceOf(prometheus({ url: "https://metrics.example", ...both }))).rejects.toThrow("one of `token` and `basic`");
});

test("a single number is a series without labels", async () => {
  const { answer } = await asking(200, { status: "success", data: { resultType: "scalar", result: [1_700_000_000.25, "42"] } });
  expect(answer).toMatchObject({ series: [{ labels: {}, value: 42 }] });
});

test("what it says about its answer is kept", async () => {
  const { answer } = await asking(200, { ...vector, warnings: ["one store did not answer"] });
  expect(answer).toMatchObject({ series: [] });
  expect(lines).toEqual(["prometheus: one store did not answer"]);
});

test.each<[string, number, unknown, object]>([
  ["a range of time", 200, { status: "success", data: { resultType: "matrix", result: [] } }, { code: "METRICS_ANSWER_STRANGE" }],
  [
    "a native histogram",
    200,
    { status: "success", data: { resultType: "vector", result: [{ metric: {}, histogram: [1, { count: "1" }] }] } },
    { code: "METRICS_ANSWER_STRANGE" },
  ],
  ["something else", 200, { hello: "world" }, { code: "METRICS_ANSWER_STRANGE" }],
  [
    "a refusal",
    422,
    { status: "error", errorType: "execution", error: "too many samples" },
    { code: "METRICS_REFUSED", retryable: false, message: expect.stringContaining("422 execution: too many samples") },
  ],
  ["a refusal of the credentials", 401, {}, { code: "METRICS_REFUSED", retryable: false }],
  [
    "a refusal that says what it was asked with",
    400,
    { status: "error", errorType: "bad_data", error: `no ${password}` },
    { code: "METRICS_REFUSED", message: expect.not.stringContaining(password) },
  ],
  ["an overload", 503, { status: "error", errorType: "timeout", error: "…" }, { code: "METRICS_BUSY", retryable: true }],
])("%s is no answer", async (_, status, answer, expected) => {
  expect((await asking(status, answer)).answer).toMatchObject(expected);
});
