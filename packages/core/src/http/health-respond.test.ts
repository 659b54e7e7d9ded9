import { createTestClock } from "@fairlead/testing";
import { describe, expect, test, vi } from "vitest";
import type { CheckResult } from "../contract/check.js";
import { createHealth, defineCheck } from "../health/index.js";
import { createHttp } from "./create-http.js";
import type { HttpReply, HttpRequest } from "./exchange.js";
import { toRespond } from "./health-respond.js";
import type { HttpDeployer } from "./http-options.js";

async function shop(release = "rel_42") {
  const clock = createTestClock({ start: "2026-03-01T12:00:00Z" });
  const says = { database: "up" as CheckResult["status"], search: "down" as CheckResult["status"] };
  const facts = { message: "postgres://app:canary@db.internal refused", hint: "look at canary", data: { host: "canary.internal" } };
  const checks = [
    defineCheck({ name: "database", run: () => ({ status: says.database, reason: "refused", ...facts }) }),
    defineCheck({ name: "search", critical: false, run: () => ({ status: says.search, reason: "http_500", ...facts }) }),
  ];
  const groups = { checkout: ["database"], browse: ["search"] };
  const health = createHealth({ checks, groups, release, clock, failureThreshold: 1, successThreshold: 1, startPeriod: "0s" }).background();
  await clock.advance("0s");
  return { clock, says, health };
}

type Asking = Partial<Omit<HttpRequest, "path">>;

function asking(respond: (request: HttpRequest) => unknown) {
  return async (path: string, { method = "GET", ...given }: Asking = {}) => {
    const { status, headers, body } = (await respond({ method, path: `/api/health${path}`, ...given })) as HttpReply;
    const text = new TextDecoder().decode(body);
    return { status, headers, text, json: text === "" ? undefined : (JSON.parse(text) as Record<string, unknown>) };
  };
}

const stamp = { timestamp: "2026-03-01T12:00:00.000Z", release: "rel_42" };
const run = { latency: 0, lastCheck: "2026-03-01T12:00:00.000Z" };

describe("what is answered", () => {
  test("one check, and a group, by name", async () => {
    const { health, says, clock } = await shop();
    const ask = asking(toRespond(health));
    expect(await ask("/database")).toMatchObject({ status: 200, json: { status: "up", ...run, ...stamp } });
    expect((await ask("/search/")).json).toEqual({ status: "down", ...run, reason: "http_500", ...stamp });
    expect((await ask("/search")).status).toBe(503);
    expect(await ask("/browse")).toMatchObject({ status: 200, json: { status: "degraded", services: { search: { status: "down" } } } });
    says.database = "down";
    await clock.advance("20s");
    expect(await ask("/checkout")).toMatchObject({ status: 503, json: { status: "unhealthy" } });
    expect((await ask("/browse")).json).not.toHaveProperty("services.database");
    expect(toRespond(health)({ method: "GET", path: "/api/health/other" })).toBeUndefined();
  });

  test("whether it has started, once and for all", async () => {
    const { health, says, clock } = await shop();
    const fresh = createHealth({ checks: [defineCheck({ name: "database", run: () => ({ status: "up" }) })] });
    expect(await asking(toRespond(fresh))("/startup")).toMatchObject({ status: 503, json: { status: "unhealthy", reason: "starting" } });
    const ask = asking(toRespond(health));
    expect(await ask("/startup")).toMatchObject({ status: 200, json: { status: "healthy", ...stamp } });
    says.database = "down";
    await clock.advance("20s");
    expect([(await ask("/startup")).status, (await ask("/ready")).status]).toEqual([200, 503]);
  });

  test("that it drains: not ready, but alive and as healthy as before", async () => {
    const { health } = await shop();
    const ask = asking(toRespond(health));
    health.drain();
    expect(await ask("/ready")).toMatchObject({ status: 503, json: { status: "unhealthy", reason: "draining" } });
    const others = await Promise.all(["", "/live", "/startup", "/database"].map(async (path) => (await ask(path)).status));
    expect(others).toEqual([200, 200, 200, 200]);
  });

  test("without some checks", async () => {
    const { health, says, clock } = await shop();
    says.database = "down";
    await clock.advance("20s");
    const ask = asking(toRespond(health));
    expect((await ask("?exclude=search")).status).toBe(503);
    expect(await ask("?exclude=database")).toMatchObject({ status: 200, json: { status: "degraded" } });
    expect((await ask("?exclude=database")).json).not.toHaveProperty("services.database");
    expect(await ask("?exclude=database&exclude=search&exclude=nothing")).toMatchObject({ json: { status: "healthy", services: {} } });
    expect((await ask("/ready?exclude=database")).status).toBe(200);
    health.drain();
    expect((await ask("/ready?exclude=database")).status).toBe(503);
  });

  test("by which release, also without a body and unless it is none for a header", async () => {
    const ask = asking(toRespond((await shop()).health));
    for (const path of ["", "/ready", "/live", "/startup", "/database", "/checkout", "?exclude=search"]) {
      const { headers, text } = await ask(path, { method: "HEAD" });
      expect([headers["x-fairlead-release"], headers["content-length"], text]).toEqual([
        "rel_42",
        (await ask(path)).headers["content-length"],
        "",
      ]);
    }
    const odd = await asking(toRespond((await shop("rel\r\nset-cookie: a")).health))("");
    expect(odd.json).toMatchObject({ release: "rel\r\nset-cookie: a" });
    expect(odd.headers).not.toHaveProperty("x-fairlead-release");
  });

  test("no method but GET and HEAD, at any of its paths", async () => {
    const ask = asking(toRespond((await shop()).health));
    for (const path of ["", "/startup", "/database", "/checkout", "?verbose"]) {
      expect(await ask(path, { method: "POST" })).toMatchObject({ status: 405, headers: { allow: "GET, HEAD" } });
    }
  });
});

describe("in the words of the draft", () => {
  const accept = "application/health+json";
  test.each([accept, `text/html, ${accept};q=0.5`, "Application/Health+JSON"])("for who accepts %s", async (value) => {
    const { health } = await shop();
    const reply = await asking(toRespond(health))("", { headers: { accept: value } });
    expect(reply).toMatchObject({ status: 200, headers: { "content-type": accept, vary: "accept" } });
    const time = stamp.timestamp;
    const component = { observedValue: 0, observedUnit: "ms", time };
    expect(reply.json).toEqual({
      status: "warn",
      releaseId: "rel_42",
      checks: {
        "database:responseTime": [{ componentId: "database", status: "pass", ...component }],
        "search:responseTime": [{ componentId: "search", status: "fail", output: "http_500", ...component }],
      },
    });
    expect(reply.headers["content-length"]).toBe(String(reply.text.length));
  });

  test.each([undefined, "*/*", "application/json", `${accept};q=0`, "application/health+jsonp"])("not for %s", async (value) => {
    const headers = value === undefined ? {} : { accept: value };
    const reply = await asking(toRespond((await shop()).health))("", { headers });
    expect(reply.headers["content-type"]).toBe("application/json; charset=utf-8");
  });

  test("503 where it fails, and what never ran has no time of its own", async () => {
    const health = createHealth({ checks: [defineCheck({ name: "database", run: () => ({ status: "up" }) })] });
    const reply = await asking(toRespond(health))("", { headers: { accept } });
    expect(reply).toMatchObject({
      status: 503,
      json: { status: "fail", checks: { "database:responseTime": [{ status: "fail", output: "unknown" }] } },
    });
  });

  test("probes are probes", async () => {
    const reply = await asking(toRespond((await shop()).health))("/ready", { headers: { accept } });
    expect(reply.headers["content-type"]).toBe("application/json; charset=utf-8");
  });
});

describe("304", () => {
  test("for who has this very answer, of this very process, and it is well", async () => {
    const { health, says, clock } = await shop();
    const ask = asking(toRespond(health));
    const { headers } = await ask("");
    const known = { headers: { "if-none-match": `"other", W/${headers["etag"] ?? ""}` } };
    expect(await ask("", known)).toMatchObject({ status: 304, text: "", headers: { etag: headers["etag"] } });
    expect((await ask("", { ...known, method: "HEAD" })).status).toBe(304);
    expect((await ask("")).status).toBe(200);
    expect((await ask("", { headers: { "if-none-match": "*" } })).status).toBe(200);
    expect((await asking(toRespond(health))("", known)).status).toBe(200);
    says.database = "down";
    await clock.advance("20s");
    expect((await ask("", known)).status).toBe(503);
    const failed = { headers: { "if-none-match": (await ask("")).headers["etag"] ?? "" } };
    expect((await ask("", failed)).status).toBe(503);
  });

  test("is nothing for probes", async () => {
    const ask = asking(toRespond((await shop()).health));
    for (const path of ["/ready", "/live", "/startup", "/database"]) expect((await ask(path)).headers).not.toHaveProperty("etag");
  });
});

describe("details", () => {
  test("are for those who may, and only when they ask for them", async () => {
    const { health } = await shop();
    const ask = asking(toRespond(health, { details: (request) => (request.headers as Record<string, string>)["x-may"] === "yes" }));
    const headers = { "x-may": "yes" };
    const all = await ask("?verbose", { headers });
    expect(all).toMatchObject({ status: 200, headers: { "cache-control": "no-store" } });
    expect(all.json).toMatchObject({
      services: {
        search: {
          critical: false,
          message: "postgres://app:canary@db.internal refused",
          hint: "look at canary",
          data: { host: "canary.internal" },
        },
      },
    });
    expect((await ask("/search?verbose", { headers })).text).toContain("canary");
    for (const [path, asked] of [
      ["", headers],
      ["?verbose", {}],
      ["/search?verbose", {}],
      ["/browse?verbose&exclude=x", {}],
    ] as const) {
      const reply = await ask(path, { headers: asked });
      expect(JSON.stringify(reply)).not.toContain("canary");
      expect(reply.headers["cache-control"]).toBe("no-cache");
    }
  });

  test("stay closed by default, and where asking who may goes wrong", async () => {
    const { health } = await shop();
    const broken = [
      undefined,
      () => Promise.reject(new Error("no database")),
      () => {
        throw new Error("no session");
      },
    ];
    const onError = vi.fn();
    for (const details of broken) {
      const reply = await asking(toRespond(health, details === undefined ? {} : { details, onError }))("?verbose");
      expect([reply.status, reply.text.includes("canary")]).toEqual([200, false]);
    }
    expect(onError.mock.calls.map(([error]) => (error as Error).message)).toEqual(["no database", "no session"]);
    const worse = () => Promise.reject(new Error("nobody to tell"));
    const respond = toRespond(health, { details: worse, onError: worse });
    expect(await asking(respond)("?verbose")).toMatchObject({ status: 200, headers: { "cache-control": "no-cache" } });
  });

  test("of the whole surface tell the log where asking fails, and not that somebody may not", async () => {
    const { health } = await shop();
    const error = vi.fn<(message: string) => void>();
    const log = { info: () => undefined, warn: () => undefined, error };
    const authenticate = () => Promise.reject(new Error("no database at canary.internal"));
    const redact = (text: string) => text.replaceAll("canary", "[redacted]");
    for (const options of [{}, { authenticate: () => null }, { authenticate }]) {
      const http = createHttp({ health, log, redact, ...options });
      const { status, text } = await asking((request) => http.respond(request))("?verbose", { headers: { authorization: "Bearer x" } });
      expect([status, text.includes("hint")]).toEqual([200, false]);
    }
    expect(error.mock.calls.map(([message]) => message)).toEqual([expect.stringContaining("no database at [redacted].internal")]);
  });

  test("have no secrets: by what health was given, by the deployer's word, and in codes", async () => {
    const redact = (text: string) => text.replaceAll("canary", "[redacted]");
    const clock = createTestClock();
    const check = defineCheck({
      name: "database",
      run: () => ({
        ...{ status: "down", reason: "canary", message: "at canary", hint: "ask canary" },
        data: { canary: ["canary", { deep: "canary" }], count: 7 },
      }),
    });
    const options = { checks: [check], clock, failureThreshold: 1, startPeriod: "0s" } as const;
    const details = () => true;
    const own = createHealth({ ...options, redact }).background();
    const plain = createHealth(options).background();
    await clock.advance("0s");
    const deployer = { redact } as unknown as HttpDeployer;
    const ways = [
      asking(toRespond(own, { details })),
      asking(toRespond(plain, { details, redact })),
      asking((request) => createHttp({ health: plain, deployer, public: ["health.details"] }).respond(request)),
    ];
    for (const ask of ways) {
      for (const path of ["", "?verbose", "/database", "/database?verbose", "/ready?verbose"])
        expect((await ask(path)).text).not.toContain("canary");
      expect((await ask("/database?verbose")).json).toMatchObject({
        ...{ reason: "check_failed", message: "at [redacted]", hint: "ask [redacted]" },
        data: { "[redacted]": ["[redacted]", { deep: "[redacted]" }], count: 7 },
      });
    }
    expect(JSON.stringify(own.snapshot())).not.toContain("canary");
  });

  test("in the whole surface are for whoever has the permission", async () => {
    const { health } = await shop();
    const authenticate = vi.fn(({ header }: { header: (name: string) => string | undefined }) => {
      const id = header("x-user");
      return id === undefined ? null : { id };
    });
    const http = createHttp({ health, authenticate, authorize: ({ id }, permission) => id === "ann" && permission === "health.details" });
    const ask = asking((request) => http.respond(request));
    const seen = async (user: Record<string, string>) => (await ask("?verbose", { headers: user })).text.includes("canary");
    expect(await seen({ "x-user": "ann" })).toBe(true);
    expect([await seen({ "x-user": "bob" }), await seen({})]).toEqual([false, false]);
    authenticate.mockClear();
    await ask("", { headers: { "x-user": "ann" } });
    expect(authenticate).not.toHaveBeenCalled();
    expect(http.paths).toContain("/api/health/startup");
  });
});

describe("on demand", () => {
  test("an answer waits for what is due, at most for the budget", async () => {
    const clock = createTestClock();
    const database = defineCheck({ name: "database", run: () => clock.sleep(20).then(() => ({ status: "up" }) as const) });
    const hanging = defineCheck({ name: "hanging", critical: false, run: () => new Promise<never>(() => undefined) });
    const health = createHealth({ checks: [database, hanging], clock }).onDemand({ budget: "50ms" });
    const ask = asking(toRespond(health));
    const replied = ask("");
    await clock.advance("50ms");
    expect(await replied).toMatchObject({
      status: 200,
      json: { status: "degraded", services: { database: { status: "up" }, hanging: { reason: "unknown" } } },
    });
    await health.stop();
  });

  test("a path that is not its own asks nobody", async () => {
    const asked = vi.fn(() => ({ status: "up" }) as const);
    const health = createHealth({ checks: [defineCheck({ name: "database", run: asked })] }).onDemand();
    const respond = toRespond(health);
    expect(respond({ method: "GET", path: "/api/health/other" })).toBeUndefined();
    expect(await respond({ method: "POST", path: "/api/health" })).toMatchObject({ status: 405 });
    expect(asked).not.toHaveBeenCalled();
  });
});
