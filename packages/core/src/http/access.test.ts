import { describe, expect, test } from "vitest";
import * as z from "zod";
import { createTestClock } from "@fairlead/testing";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import { createSurface } from "./create-http.js";
import { jsonReply, type HttpRequest } from "./exchange.js";
import type { HttpOptions } from "./http-options.js";
import { toHono } from "./hono.js";
import type { Authenticate, AuthenticateRequest } from "./identity.js";
import { defineRoute } from "./route.js";
import { svelteKitHandle } from "./svelte-kit.js";
import { bearerTokens } from "./tokens.js";

const ada = "ada-0123456789-0123456789";
const bob = "bob-0123456789-0123456789";
const authenticate = bearerTokens([
  { id: "ada", roles: ["lead"], token: ada },
  { id: "bob", token: bob },
]);

let toThrow: unknown;
const about = { summary: "a route", answers: {}, permission: "deployments.read" } as const;
const routes = [
  defineRoute({
    ...about,
    id: "read",
    method: "GET",
    path: "/read",
    answer: ({ identity }) => jsonReply(200, { by: identity?.id ?? null }),
  }),
  defineRoute({
    ...about,
    id: "write",
    method: "POST",
    path: "/write/{environment}",
    permission: "deployments.trigger",
    parameters: z.object({ environment: z.string() }),
    environmentOf: ({ path }) => path.environment,
    answer: () => jsonReply(200, {}),
  }),
  defineRoute({
    ...about,
    id: "failing",
    method: "GET",
    path: "/failing",
    answer: () => {
      throw toThrow;
    },
  }),
];

async function ask(options: HttpOptions, request: Partial<HttpRequest> & { readonly path: string; readonly token?: string }) {
  const { token, ...rest } = request;
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const reply = await createSurface(routes, options).respond({ method: "GET", headers, ...rest });
  if (reply === undefined || "stream" in reply) throw new TypeError("no answer");
  return {
    status: reply.status,
    headers: reply.headers,
    body: JSON.parse(new TextDecoder().decode(reply.body)) as Record<string, unknown>,
  };
}

describe("who may", () => {
  test("closed to all until somebody is told apart", async () => {
    expect(await ask({}, { path: "/api/read" })).toMatchObject({ status: 403, body: { code: "HTTP_CLOSED" } });
    expect(await ask({}, { path: "/api/read", token: ada })).toMatchObject({ status: 403, body: { code: "HTTP_CLOSED" } });
    expect(await ask({ public: ["deployments.read"] }, { path: "/api/read" })).toMatchObject({ status: 200, body: { by: null } });
    expect(await ask({ public: ["metrics.read"] }, { path: "/api/read" })).toMatchObject({ status: 403 });
  });

  test("by a token, or by a browser's prompt", async () => {
    expect(await ask({ authenticate }, { path: "/api/read", token: bob })).toMatchObject({ status: 200, body: { by: "bob" } });
    const basic = (credentials: string) => ({ authorization: `Basic ${btoa(credentials)}` });
    const asked = (headers: Record<string, string>) => ask({ authenticate }, { path: "/api/read", headers });
    expect(await asked(basic(`anybody:${ada}`))).toMatchObject({ status: 200, body: { by: "ada" } });
    for (const headers of [
      basic(ada),
      basic(`${ada}:`),
      { authorization: "Basic !!!" },
      { authorization: ada },
      { authorization: "Bearer" },
    ])
      expect(await asked(headers)).toMatchObject({ status: 401, body: { code: "HTTP_UNAUTHENTICATED" } });
    expect((await asked({})).headers["www-authenticate"]).toContain("Bearer");
    expect(() => bearerTokens([{ id: "ci", token: undefined }])).toThrow(expect.objectContaining({ code: "HTTP_TOKEN_WEAK" }));
    expect(() => bearerTokens([{ id: "ci", token: "1234567890123456789" }])).toThrow(expect.objectContaining({ code: "HTTP_TOKEN_WEAK" }));
  });

  test("the host decides by permission and environment", async () => {
    const asked: unknown[] = [];
    const authorize: HttpOptions["authorize"] = (identity, permission, where) => {
      asked.push([identity.id, permission, where]);
      return identity.roles?.includes("lead") === true;
    };
    const post = (token: string) => ask({ authenticate, authorize }, { method: "POST", path: "/api/write/production", token });
    expect(await post(ada)).toMatchObject({ status: 200 });
    expect(await post(bob)).toMatchObject({ status: 403, body: { code: "HTTP_FORBIDDEN", data: { permission: "deployments.trigger" } } });
    expect(asked).toEqual([
      ["ada", "deployments.trigger", { environment: "production" }],
      ["bob", "deployments.trigger", { environment: "production" }],
    ]);
  });

  test("so many in a minute, each for itself", async () => {
    const clock = createTestClock();
    const http = createSurface(routes, { authenticate, rateLimit: { writes: 3 }, clock });
    const post = async (token: string) => {
      const headers = { authorization: `Bearer ${token}` };
      const { status, headers: answered } = (await http.respond({ method: "POST", path: "/api/write/x", headers }))!;
      return [status, answered["retry-after"]];
    };
    const ok = [200, undefined];
    for (let count = 0; count < 3; count += 1) expect(await post(ada)).toEqual(ok);
    expect(await post(ada)).toEqual([429, "20"]);
    expect(await post(bob)).toEqual(ok);
    await clock.advance("20s");
    expect(await post(ada)).toEqual(ok);
    expect(await post(ada)).toEqual([429, "20"]);
  });
});

describe("guesses", () => {
  const wrong = "a-guess-0123456789-0123456789";
  const made = (options: HttpOptions = {}) => {
    const clock = createTestClock();
    const http = createSurface(routes, { authenticate, clock, rateLimit: { failures: 3 }, ...options });
    const get = async (remoteAddress: string | undefined, token?: string, more: Record<string, string> = {}) => {
      const headers = { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...more };
      const native = remoteAddress === undefined ? undefined : { socket: { remoteAddress } };
      const { status, headers: answered } = (await http.respond({ method: "GET", path: "/api/read", headers, native }))!;
      return [status, answered["retry-after"]];
    };
    return { clock, get };
  };

  test("are so many in a minute from one address, and keep nobody out who is known", async () => {
    const { clock, get } = made();
    for (let count = 0; count < 3; count += 1) expect(await get("192.0.2.1", wrong)).toEqual([401, undefined]);
    for (let count = 0; count < 50; count += 1) expect(await get("192.0.2.1", wrong)).toEqual([429, "20"]);
    expect(await get("192.0.2.1", ada)).toEqual([200, undefined]);
    // Who says nothing is asked to: a browser would not ask its person otherwise.
    expect(await get("192.0.2.1")).toEqual([401, undefined]);
    expect(await get("192.0.2.2", wrong)).toEqual([401, undefined]);
    await clock.advance("20s");
    expect(await get("192.0.2.1", wrong)).toEqual([401, undefined]);
    expect(await get("192.0.2.1", wrong)).toEqual([429, "20"]);
  });

  test("are counted by network in IPv6, by what the host says, and together where nothing is known", async () => {
    const many = async (get: ReturnType<typeof made>["get"], ways: readonly (readonly [string | undefined, Record<string, string>?])[]) => {
      const found = [];
      for (const [address, headers] of ways) found.push((await get(address, wrong, headers))[0]);
      return found;
    };
    const six = [["2001:db8::1"], ["2001:db8:0:0:5::2"], ["2001:0db8::3"], ["2001:db8::4"], ["2001:db8:0:1::1"]] as const;
    expect(await many(made().get, six)).toEqual([401, 401, 401, 429, 401]);
    const { get } = made();
    expect(await many(get, [[undefined], [undefined], ["192.0.2.1"], [undefined], [undefined]])).toEqual([401, 401, 401, 401, 429]);
    expect(await get(undefined, ada)).toEqual([200, undefined]);
    const address = ({ header }: AuthenticateRequest) => header("x-real-ip");
    const behind = made({ rateLimit: { failures: 1, address } }).get;
    const from = (ip: string) => ["10.0.0.1", { "x-real-ip": ip }] as const;
    expect(await many(behind, [from("192.0.2.1"), from("192.0.2.2"), from("192.0.2.1")])).toEqual([401, 401, 429]);
    expect(await many(made({ rateLimit: false }).get, six)).toEqual([401, 401, 401, 401, 401]);
  });
});

test("who has mistyped a token is asked again, however many others have guessed", async () => {
  const clock = createTestClock();
  const page = defineRoute({
    ...{ ...about, id: "page", method: "GET", path: "/page" },
    answer: () => jsonReply(200, {}),
    onError: ({ code, status }) => jsonReply(status, { code }),
  });
  const http = createSurface([...routes, page], { authenticate, clock, rateLimit: { failures: 1, reads: 1 } });
  const get = async (path: string, token: string) => {
    const native = { socket: { remoteAddress: "192.0.2.1" } };
    const headers = { authorization: `Bearer ${token}` };
    const { status, headers: answered } = (await http.respond({ method: "GET", path, headers, native }))!;
    return [status, answered["www-authenticate"]?.split(" ", 1)[0], answered["retry-after"]];
  };
  const wrong = "a-guess-0123456789-0123456789";
  expect(await get("/api/read", wrong)).toEqual([401, "Bearer", undefined]);
  expect(await get("/api/read", wrong)).toEqual([429, "Bearer", "60"]);
  // A browser asks its person at 401 alone.
  expect(await get("/api/page", wrong)).toEqual([401, "Basic", "60"]);
  expect(await get("/api/read", ada)).toEqual([200, undefined, undefined]);
  expect(await get("/api/read", ada)).toEqual([429, undefined, "60"]);
});

test("guesses in SvelteKit are counted by the address that it knows", async () => {
  const clock = createTestClock();
  const handle = svelteKitHandle(createSurface(routes, { authenticate, clock, rateLimit: { failures: 1 } }));
  const ask = async (getClientAddress: () => string) => {
    const request = new Request("https://shop.example/api/read", { headers: { authorization: "Bearer a-guess-0123456789-0123456789" } });
    return (await handle({ event: { request, getClientAddress }, resolve: () => new Response() })).status;
  };
  expect([await ask(() => "192.0.2.1"), await ask(() => "192.0.2.2"), await ask(() => "192.0.2.1")]).toEqual([401, 401, 429]);
  const unknown = () => {
    throw new Error("the adapter does not say");
  };
  expect([await ask(unknown), await ask(unknown)]).toEqual([401, 429]);
});

test("guesses in Hono are counted by the connection, and `authenticate` is handed its context", async () => {
  const given: unknown[] = [];
  const known: Authenticate = (request) => {
    given.push(request.native);
    return authenticate(request);
  };
  const middleware = toHono(createSurface(routes, { authenticate: known, clock: createTestClock(), rateLimit: { failures: 1 } }));
  const ask = async (remoteAddress: string) => {
    const raw = new Request("https://shop.example/api/read", { headers: { authorization: "Bearer a-guess-0123456789-0123456789" } });
    const context = { req: { raw }, env: { incoming: { socket: { remoteAddress } } } };
    const response = await middleware(context, () => Promise.resolve());
    expect(given.at(-1)).toBe(context);
    return response?.status;
  };
  expect([await ask("192.0.2.1"), await ask("192.0.2.2"), await ask("192.0.2.1")]).toEqual([401, 401, 429]);
});

describe("what went wrong", () => {
  const failing = async (error: unknown, options: HttpOptions, token?: string) => {
    toThrow = error;
    const logged: string[] = [];
    const tell = (message: string, fields?: object) => void logged.push(JSON.stringify({ message, ...fields }));
    const log = { info: tell, warn: tell, error: tell };
    const answer = await ask({ ...options, log }, { path: "/api/failing", ...(token === undefined ? {} : { token }) });
    return { ...answer, logged };
  };
  const busy = () => fail(coreErrors, "STEP_UNKNOWN", { step: "canary-inside", operation: "o" });

  test("who is known is told; who is not is told the code", async () => {
    const known = await failing(busy(), { authenticate }, ada);
    expect(known.body).toMatchObject({ code: "STEP_UNKNOWN", data: { step: "canary-inside" } });
    const unknown = await failing(busy(), { public: ["deployments.read"] });
    expect(unknown.body).toMatchObject({ code: "STEP_UNKNOWN" });
    expect(JSON.stringify(unknown.body)).not.toContain("canary-inside");
  });

  test.each([new Error("canary-inside"), "canary-inside", undefined, { toString: () => "canary-inside" }])(
    "of %s nobody is told anything; the log has it under a reference",
    async (error) => {
      for (const token of [ada, undefined]) {
        const answer = await failing(error, token === undefined ? { public: ["deployments.read"] } : { authenticate }, token);
        expect(answer).toMatchObject({ status: 500, body: { code: "HTTP_FAILED" } });
        expect(JSON.stringify(answer.body)).not.toContain("canary-inside");
        const { reference } = answer.body["data"] as { reference: string };
        expect(answer.logged.join()).toContain(reference);
      }
    },
  );

  test("an `authenticate` that fails is the application's failure", async () => {
    const broken = () => Promise.reject(new Error("canary-inside"));
    const answer = await ask({ authenticate: broken }, { path: "/api/read" });
    expect(answer).toMatchObject({ status: 503, body: { code: "HTTP_ACCESS_UNDECIDED" } });
    expect(JSON.stringify(answer)).not.toContain("canary-inside");
  });
});
