import { once } from "node:events";
import { createServer, request as httpRequest, type IncomingMessage, type RequestListener } from "node:http";
import * as http2 from "node:http2";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { listening } from "@fairlead/test-support";
import express from "express";
import express4 from "express4";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createHealth, defineCheck, type Health } from "../health/index.js";
import { toFetchHandler } from "./fetch-handler.js";
import { toNodeHandler } from "./node-handler.js";

const eventually = (condition: () => unknown) => vi.waitFor(condition, { timeout: 90_000 });

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const listen = (listener: RequestListener): Promise<number> => listening(createServer(listener), cleanups);

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

async function askHttp(port: number, method: string, path: string): Promise<Answer> {
  const request = httpRequest({ port, host: "127.0.0.1", method, path, agent: false }).end();
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

type Ask = (method: string, path: string) => Promise<Answer>;

/** Ways to host a handler; `prefix` is where the host has put it. */
const hosts: Readonly<Record<string, { readonly prefix?: string; readonly start: (health: Health) => Promise<Ask> }>> = {
  "node:http": {
    start: async (health) => {
      const port = await listen(toNodeHandler(health));
      return (method, path) => askHttp(port, method, path);
    },
  },
  "node:http2": {
    start: async (health) => {
      const port = await listening(http2.createServer(toNodeHandler(health)), cleanups);
      const session = http2.connect(`http://127.0.0.1:${String(port)}`);
      cleanups.push(() => session.close());
      return async (method, path) => {
        const stream = session.request({ ":method": method, ":path": path }).end();
        const [headers] = (await once(stream, "response")) as [http2.IncomingHttpHeaders & http2.IncomingHttpStatusHeader];
        return { status: headers[":status"], headers, body: await text(stream) };
      };
    },
  },
  "Express 5": { start: (health) => inExpress(express().use(toNodeHandler(health))) },
  "Express 4": { start: (health) => inExpress(express4().use(toNodeHandler(health))) },
  "Express 5 at the path itself": { start: (health) => inExpress(express().use("/api/health", toNodeHandler(health))) },
  "Express 4 at the path itself": { start: (health) => inExpress(express4().use("/api/health", toNodeHandler(health))) },
  "Express 5 under a prefix": { prefix: "/ops", start: (health) => inExpress(express().use("/ops", toNodeHandler(health))) },
  "Express 5 in a router": {
    prefix: "/a/b",
    start: (health) => inExpress(express().use("/a", express.Router().use("/b", toNodeHandler(health)))),
  },
  "Express 5 with a base path": {
    prefix: "/internal",
    start: (health) => inExpress(express().use(toNodeHandler(health, { basePath: "/internal/api/health/" }))),
  },
  fetch: { start: async (health) => overFetch(toFetchHandler(health)) },
  "fetch, inside of an event": {
    start: async (health) => {
      const handle = toFetchHandler(health);
      return overFetch((request) => handle({ request }));
    },
  },
};

async function inExpress(app: RequestListener): Promise<Ask> {
  const port = await listen(app);
  return (method, path) => askHttp(port, method, path);
}

function overFetch(handle: (request: Request) => Promise<Response>): Ask {
  return async (method, path) => {
    const response = await handle(new Request(`https://shop.example:8443${path}`, { method }));
    return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
  };
}

async function shopHealth(): Promise<Health> {
  const health = createHealth({
    release: "rel_42",
    failureThreshold: 1,
    startPeriod: "0s",
    checks: [
      defineCheck({ name: "database", run: () => ({ status: "up", data: { host: "canary.internal" } }) }),
      defineCheck({
        name: "search",
        critical: false,
        run: () => {
          throw Object.assign(new Error("connect ECONNREFUSED canary.internal"), { code: "ECONNREFUSED" });
        },
      }),
    ],
  }).background();
  cleanups.push(() => health.stop());
  await eventually(() => expect(health.snapshot().status).toBe("degraded"));
  return health;
}

describe.each(Object.entries(hosts))("%s", (_, { prefix = "", start }) => {
  test("answers alike everywhere", async () => {
    const health = await shopHealth();
    const ask = await start(health);
    const { timestamp, checks } = health.snapshot();
    const probe = { status: "degraded", timestamp, release: "rel_42" };
    const service = (index: number) => ({ latency: checks[index]?.latency, lastCheck: checks[index]?.lastCheck });
    const services = {
      database: { status: "up", ...service(0) },
      search: { status: "down", ...service(1), reason: "refused" },
    };
    const bodies = { "": { ...probe, services }, "/ready": probe, "/live": { ...probe, status: "healthy" } };
    for (const [path, body] of Object.entries(bodies)) {
      for (const variant of [path, `${path}/`, `${path}?verbose=1`, `${path}/?a=/b/?c`]) {
        const got = await ask("GET", `${prefix}/api/health${variant}`);
        expect(JSON.parse(got.body)).toEqual(body);
        expect(got).toMatchObject({
          status: 200,
          headers: {
            "content-type": "application/json; charset=utf-8",
            "content-length": String(Buffer.byteLength(got.body)),
            "cache-control": "no-cache",
          },
        });
        const head = await ask("HEAD", `${prefix}/api/health${variant}`);
        expect(head).toMatchObject({ status: 200, body: "", headers: { "content-length": got.headers["content-length"] } });
      }
    }
  });

  test("says which methods there are", async () => {
    const ask = await start(await shopHealth());
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
      const got = await ask(method, `${prefix}/api/health/ready`);
      expect(got).toMatchObject({ status: 405, headers: { allow: "GET, HEAD", "content-type": "application/problem+json" } });
      expect(JSON.parse(got.body)).toMatchObject({ status: 405, title: "Method Not Allowed", code: "HTTP_METHOD_NOT_ALLOWED" });
    }
  });

  test("is no answer for other paths", async () => {
    const ask = await start(await shopHealth());
    const paths = [
      "/",
      "/api",
      "/api/healthy",
      "/api/health/other",
      "/api/health/ready/now",
      "/api/health//",
      "/API/HEALTH",
      "/api/health%2Fready",
    ];
    for (const path of paths) expect(await ask("GET", `${prefix}${path}`)).toMatchObject({ status: 404 });
    expect(await ask("HEAD", `${prefix}/other`)).toMatchObject({ status: 404, body: "" });
  });

  test("tells the public nothing but codes", async () => {
    const ask = await start(await shopHealth());
    for (const path of ["", "/ready", "/live", "/canary"]) {
      const { headers, body } = await ask("GET", `${prefix}/api/health${path}?canary`);
      expect(JSON.stringify([headers, body])).not.toContain("canary.internal");
    }
  });
});

describe("by what is known", () => {
  test("503 before the first result, but alive; then 200", async () => {
    let answer: () => void = () => undefined;
    const slow = new Promise<void>((resolve) => (answer = resolve));
    const check = defineCheck({ name: "database", run: () => slow.then(() => ({ status: "up" })) });
    const health = createHealth({ checks: [check] });
    cleanups.push(() => health.stop());
    const port = await listen(toNodeHandler(health));
    const statuses = async () =>
      Promise.all(["", "/ready", "/live"].map(async (path) => (await askHttp(port, "GET", `/api/health${path}`)).status));
    expect(await statuses()).toEqual([503, 503, 200]);
    const { body } = await askHttp(port, "GET", "/api/health");
    expect(JSON.parse(body)).toMatchObject({
      status: "unhealthy",
      services: { database: { status: "down", latency: null, lastCheck: null, reason: "unknown" } },
    });
    health.background();
    expect(await statuses()).toEqual([503, 503, 200]);
    answer();
    await eventually(async () => expect(await statuses()).toEqual([200, 200, 200]));
  });

  test("503 when the process should be started anew", async () => {
    const watchdog = defineCheck({ name: "watchdog", kind: "process", run: () => ({ status: "down", reason: "no_progress" }) });
    const health = createHealth({ liveness: [watchdog], failureThreshold: 1, startPeriod: "0s" }).background();
    cleanups.push(() => health.stop());
    const handle = toFetchHandler(health);
    await eventually(async () => {
      const response = await handle(new Request("http://shop.example/api/health/live"));
      expect([response.status, await response.json()]).toMatchObject([503, { status: "unhealthy" }]);
    });
  });
});

test("a thousand requests at once, before any result, run every check once and wait for none", async () => {
  let runs = 0;
  let answer: () => void = () => undefined;
  const slow = new Promise<void>((resolve) => (answer = resolve));
  const checks = ["database", "queue", "search"].map((name) =>
    defineCheck({
      name,
      timeout: "1m",
      run: async () => {
        runs += 1;
        await slow;
        return { status: "up" };
      },
    }),
  );
  const health = createHealth({ checks });
  cleanups.push(() => health.stop());
  const port = await listen(toNodeHandler(health));
  const requests = Array.from({ length: 1_000 }, () => askHttp(port, "GET", "/api/health"));
  health.background();
  const answers = await Promise.all(requests);
  expect(answers.filter(({ status }) => status === 503)).toHaveLength(1_000);
  expect(runs).toBe(3);
  answer();
  await eventually(() => expect(health.snapshot().status).toBe("healthy"));
  expect(runs).toBe(3);
});

describe("in a host", () => {
  test("the rest is the host's: its routes, its 404, its headers", async () => {
    const app = express()
      .use((_, response, next) => {
        response.setHeader("x-host", "yes");
        response.setHeader("content-type", "text/plain");
        next();
      })
      .use(toNodeHandler(await shopHealth()))
      .get("/api/health/custom", (_, response) => void response.send("mine"));
    const port = await listen(app);
    expect(await askHttp(port, "GET", "/api/health/custom")).toMatchObject({ status: 200, body: "mine" });
    const { headers } = await askHttp(port, "GET", "/api/health");
    expect(headers).toMatchObject({ "x-host": "yes", "content-type": "application/json; charset=utf-8", "cache-control": "no-cache" });
  });

  test("what wraps the response may change its own headers and nobody else's", async () => {
    const handle = toNodeHandler(await shopHealth());
    let count = 0;
    const port = await listen((request, response) => {
      const writeHead = response.writeHead.bind(response);
      response.writeHead = ((status: number, headers: Record<string, string>) => {
        count += 1;
        headers[`x-request-${String(count)}`] = "traced";
        return writeHead(status, headers);
      }) as typeof response.writeHead;
      handle(request, response);
    });
    await askHttp(port, "GET", "/api/health");
    const { headers } = await askHttp(port, "GET", "/api/health");
    expect(headers).toHaveProperty("x-request-2");
    expect(headers).not.toHaveProperty("x-request-1");
  });

  test("one connection after a refused body goes on", async () => {
    const port = await listen(toNodeHandler(await shopHealth()));
    const post = "POST /api/health HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\nhello";
    const received = await raw(port, `${post}GET /api/health/live HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`);
    expect(received.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 405", "HTTP/1.1 200"]);
  });

  test.each(["]][[", "a b", "http://", "%00", "user:pass@host:99999999", "é"])("a Host header of %j does not matter", async (host) => {
    const port = await listen(toNodeHandler(await shopHealth()));
    expect(await raw(port, `GET /api/health HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`)).toMatch(/^HTTP\/1\.1 200 /);
  });

  test.each([
    ["http://shop.example/api/health/live?x=1", 200],
    ["http://shop.example", 404],
    ["http://shop.example?x=/api/health", 404],
    ["http://[::1/api/health", 200],
    ["*", 404],
    ["//api/health", 404],
    ["/%", 404],
    ["/api/health?%", 200],
    ["/api/health#there", 200],
    ["/api/health/../health", 404],
    [`/${"a".repeat(10_000)}`, 404],
  ])("the request target %s is a %i", async (target, status) => {
    const port = await listen(toNodeHandler(await shopHealth()));
    const method = target === "*" ? "OPTIONS" : "GET";
    const received = await raw(port, `${method} ${target} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`);
    expect(received.slice(9, 12)).toBe(String(status));
  });
});

async function raw(port: number, request: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.write(request);
  return text(socket);
}

test.each(["api/health", "", "/api?x", "/api#x"])("refuses the base path %j", (basePath) => {
  const invalid = expect.objectContaining({ code: "HTTP_BASE_PATH_INVALID" });
  expect(() => toNodeHandler(createHealth(), { basePath })).toThrow(invalid);
  expect(() => toFetchHandler(createHealth(), { basePath })).toThrow(invalid);
});

test("may answer at the root", async () => {
  const handle = toFetchHandler(createHealth(), { basePath: "/" });
  for (const path of ["/", "/ready", "/live", ""]) expect((await handle(new Request(`http://shop.example${path}`))).status).toBe(200);
  expect((await handle(new Request("http://shop.example/api/health"))).status).toBe(404);
});
