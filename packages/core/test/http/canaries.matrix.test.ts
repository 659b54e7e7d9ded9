import { matrixCases } from "@fairlead/test-support";
import { createTestClock, findLeaks } from "@fairlead/testing";
import { expect, test, vi } from "vitest";
import { createHealth, defineCheck } from "../../src/health.js";
import { createHttp, type HttpDeployer, type Permission } from "../../src/http.js";
import { coreErrors } from "../../src/errors/core-errors.js";
import { fail } from "../../src/errors/fairlead-error.js";
import { createRedactor } from "../../src/secret/redactor.js";
import type { CheckResult } from "../../src/index.js";

const everything: readonly Permission[] = [
  "metrics.read",
  "openapi.read",
  "deployments.read",
  "deployments.trigger",
  "deployments.rollback",
  "deployments.approve",
  "deployments.abort",
];

const cases = matrixCases(
  Array.from({ length: 10_000 }, (_, index) => index),
  { sample: 500 },
);

/** Ways in which an error of somebody else carries a secret. */
const errors: readonly ((canary: string) => unknown)[] = [
  (canary) => new Error(`connect ECONNREFUSED postgres://user:${canary}@db.internal`),
  (canary) => Object.assign(new Error("refused"), { password: canary, config: { headers: { authorization: `Bearer ${canary}` } } }),
  (canary) => new Error("outer", { cause: new Error(canary) }),
  (canary) => Object.assign(new Error("with a code"), { code: canary, status: 418, statusCode: 418 }),
  (canary) => canary,
  (canary) => ({ message: canary, toString: () => canary, toJSON: () => canary }),
  (canary) => fail(coreErrors, "UNEXPECTED_ERROR", { problem: canary }),
  (canary) => fail(coreErrors, "ENVIRONMENT_UNKNOWN", { environment: canary, known: [canary] }),
  (canary) => fail(coreErrors, "SECRETS_MISSING", { environment: "production", names: [canary] }, { cause: new Error(canary) }),
  (canary) => new AggregateError([new Error(canary)], canary),
  (canary) => Object.assign(new Error("x"), { name: canary, stack: canary, hint: canary }),
];

/** A deployer of which everything fails. */
function failingDeployer(error: () => unknown): HttpDeployer {
  const failing = async (): Promise<never> => {
    throw error();
  };
  return {
    application: "shop",
    environments: ["production"],
    request: failing,
    requested: failing,
    pendingRequests: failing,
    deployment: failing,
    logs: failing,
    history: failing,
    statistics: failing,
    explain: failing,
    changes: failing,
    status: failing,
    approve: failing,
    reject: failing,
    abort: failing,
  };
}

test("no public answer carries what an error of the inside says", { timeout: 180_000 }, async () => {
  let canary = "";
  let kind = 0;
  const error = (): unknown => errors[kind]?.(canary);
  const check = defineCheck({
    name: "database",
    interval: "10ms",
    run: () => {
      throw error();
    },
  });
  const health = createHealth({ checks: [check], failureThreshold: 1, startPeriod: "0s" }).background();
  await vi.waitFor(() => expect(health.snapshot().checks[0]?.known).toBe(true), { timeout: 90_000 });
  const http = createHttp({ health, deployer: failingDeployer(error), public: everything, metrics: { process: false }, rateLimit: false });
  const places = http.paths.flatMap((path) =>
    ["GET", "POST", "HEAD", "OPTIONS"].map((method) => ({ method, path: path.replace(/\{\w+\}/, "dep_1") })),
  );
  const texts: { readonly source: string; readonly text: string }[] = [];
  const canaries: { readonly name: string; readonly value: string }[] = [];
  for (const index of cases) {
    canary = `zk3-${String(index)}-Vb2mXr8pLdWq4vJx`;
    kind = index % errors.length;
    canaries.push({ name: String(index), value: canary });
    const place = places[Math.floor(index / errors.length) % places.length];
    if (place === undefined) continue;
    const { method, path } = place;
    const isForm = path.startsWith("/deployments");
    const body =
      method === "POST"
        ? {
            body: isForm
              ? "environment=production&key=one"
              : JSON.stringify(
                  path.endsWith("trigger")
                    ? { environment: "production", source: "shop:1" }
                    : path.endsWith("rollback")
                      ? { environment: "production" }
                      : {},
                ),
          }
        : {};
    const response = await http.fetch(
      new Request(`https://shop.example${path}`, {
        method,
        headers: { "content-type": isForm ? "application/x-www-form-urlencoded" : "application/json" },
        ...body,
      }),
    );
    const text = `${JSON.stringify([...response.headers])}\n${await response.text()}`;
    texts.push({ source: `${method} ${path}`, text });
    if (/zk3-|Vb2mXr8pLd|db\.internal/.test(text)) expect.fail(`${method} ${path} told ${text}`);
  }
  await health.stop();
  expect(texts.filter(({ text }) => text.includes("HTTP_FAILED")).length).toBeGreaterThan(cases.length / 20);
  // In every encoding, by a decoder that shares no code with the library.
  expect(await findLeaks({ canaries: canaries.slice(-200), texts: texts.slice(-200) })).toEqual([]);
});

/** What a check says by the rules, with a secret in every place that takes a text. */
const answers: readonly ((canary: string) => unknown)[] = [
  (canary) => ({ status: "down", reason: canary, message: canary, hint: `ask ${canary}`, data: { at: canary } }),
  (canary) => ({ status: "degraded", reason: canary.toLowerCase().replaceAll("-", "_"), data: { [canary]: [{ [canary]: canary }] } }),
  (canary) => ({ status: "up", message: `well at https://user:${canary}@shop.internal/`, data: { url: encodeURIComponent(canary) } }),
  (canary) => ({
    status: "down",
    message: Buffer.from(`token ${canary}`).toString("base64"),
    data: { hex: Buffer.from(canary).toString("hex") },
  }),
  (canary) => ({ status: canary, message: canary }),
  (canary) => ({ status: "down", data: { toJSON: () => ({ inner: canary }) } }),
];

test("nor do details of health for those who may read them, or what they are told of errors", { timeout: 600_000 }, async () => {
  const canaries = Array.from({ length: 40 }, (_, index) => ({
    name: `S${String(index)}`,
    value: `zk3-${String(index)}-Vb2mXr8pLdWq4vJx`,
  }));
  const redactor = createRedactor();
  for (const { name, value } of canaries) {
    redactor.register(name, value);
    // As a code says it.
    redactor.register(name, value.toLowerCase().replaceAll("-", "_"));
  }
  const redact = (text: string): string => redactor.text(text);
  let canary = "";
  let kind = 0;
  const clock = createTestClock();
  const say = (): CheckResult => {
    if (kind < errors.length) throw errors[kind]?.(canary);
    return answers[kind - errors.length]?.(canary) as CheckResult;
  };
  const check = (name: string) => defineCheck({ name, critical: name === "database", run: say });
  const options = { checks: [check("database"), check("search")], groups: { shop: ["search"] }, clock, failureThreshold: 1 };
  const logged: string[] = [];
  const tell = (message: string, fields?: object): void => void logged.push(JSON.stringify({ message, ...fields }));
  const log = { info: tell, warn: tell, error: tell };
  const authenticate = ({ header }: { header: (name: string) => string | undefined }) => {
    if (header("authorization") === "broken") throw errors[kind % errors.length]?.(canary);
    return { id: "ada" };
  };
  const deployer = { ...failingDeployer(() => errors[kind % errors.length]?.(canary)), redact };
  const surfaces = [
    createHttp({ health: createHealth(options).onDemand({ maxAge: "1s" }), authenticate, deployer, log, clock, rateLimit: false }),
    createHttp({
      health: createHealth({ ...options, redact }).onDemand({ maxAge: "1s" }),
      authenticate,
      log,
      redact,
      clock,
      rateLimit: false,
    }),
  ];
  const queries = ["", "?verbose", "?verbose&exclude=search"];
  const paths = ["", "/ready", "/live", "/startup", "/database", "/search", "/shop"].flatMap((path) =>
    queries.map((query) => `/api/health${path}${query}`),
  );
  const places = [...paths, "/api/deploy/history", "/api/deploy/status/dep_1"];
  const texts: { readonly source: string; readonly text: string }[] = [];
  let told = 0;
  for (const index of cases) {
    canary = canaries[index % canaries.length]?.value ?? "";
    kind = index % (errors.length + answers.length);
    await clock.advance("2s");
    for (const http of surfaces) {
      const place = places[(index + (index >> 5)) % places.length] ?? "";
      const headers = {
        accept: index % 3 === 0 ? "application/health+json" : "*/*",
        ...(index % 11 === 0 ? { authorization: "broken" } : {}),
      };
      const response = await http.fetch(new Request(`https://shop.example${place}`, { headers }));
      const text = `${JSON.stringify([...response.headers])}\n${await response.text()}\n${logged.splice(0).join("\n")}`;
      expect([place, /vb2mxr8pldwq4vjx/i.test(text)]).toEqual([place, false]);
      texts.push({ source: place, text });
      if (text.includes("[redacted:")) told += 1;
    }
  }
  // Otherwise nothing was there to be found.
  expect(told).toBeGreaterThan(cases.length / 20);
  // In every encoding, by a decoder that shares no code with the library.
  expect(await findLeaks({ canaries, texts: texts.slice(-200) })).toEqual([]);
});
