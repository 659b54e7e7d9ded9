import { matrixCases } from "@fairlead/test-support";
import { findLeaks } from "@fairlead/testing";
import { expect, test, vi } from "vitest";
import { createHealth, defineCheck } from "../../src/health.js";
import { createHttp, type HttpDeployer, type Permission } from "../../src/http.js";
import { coreErrors } from "../../src/errors/core-errors.js";
import { fail } from "../../src/errors/fairlead-error.js";

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

test("no public answer carries what an error of the inside says", { timeout: 120_000 }, async () => {
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
  await vi.waitFor(() => expect(health.snapshot().checks[0]?.known).toBe(true), { timeout: 20_000 });
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
