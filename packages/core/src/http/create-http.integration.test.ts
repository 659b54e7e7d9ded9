import { once } from "node:events";
import { createServer, request as httpRequest, type IncomingMessage, type RequestListener } from "node:http";
import * as http2 from "node:http2";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { listening } from "@fairlead/test-support";
import express from "express";
import express4 from "express4";
import { fastify } from "fastify";
import { Hono } from "hono";
import { afterEach, describe, expect, test } from "vitest";
import * as z from "zod";
import { createHealth } from "../health/index.js";
import { createSurface, type Http } from "./create-http.js";
import { jsonReply } from "./exchange.js";
import { toFastify } from "./fastify.js";
import { toHono } from "./hono.js";
import { defineRoute } from "./route.js";
import { toRouteHandlers } from "./route-handlers.js";
import { svelteKitHandle } from "./svelte-kit.js";
import { bearerTokens } from "./tokens.js";

const token = "a-token-that-nobody-guesses";
const answers = { 200: { description: "as asked" } };

const echo = defineRoute({
  id: "echo",
  method: "POST",
  path: "/echo/{name}",
  permission: "deployments.trigger",
  summary: "says it again",
  parameters: z.strictObject({ name: z.string() }),
  query: z.object({ loud: z.string().optional() }),
  body: z.strictObject({ word: z.string() }),
  answers,
  answer: ({ identity, path, query, body }) => jsonReply(200, { by: identity?.name, ...path, ...query, ...body }),
});

const ticks = defineRoute({
  id: "ticks",
  method: "GET",
  path: "/ticks",
  permission: "public",
  summary: "counts",
  openToSites: true,
  answers,
  answer: () => ({
    status: 200,
    headers: { "content-type": "text/event-stream" },
    async *stream() {
      for (const count of ["one", "two", "three"]) {
        await Promise.resolve();
        yield `data: ${count}\n\n`;
      }
    },
  }),
});

const page = defineRoute({
  id: "page",
  method: "GET",
  path: "/page",
  place: "root",
  permission: "deployments.read",
  summary: "a page",
  answers,
  answer: ({ request }) => jsonReply(200, { prefix: request.prefix ?? "" }),
});

const createSample = (basePath = "/api"): Http =>
  createSurface([echo, ticks, page], {
    health: createHealth({ release: "rel_42" }),
    basePath,
    authenticate: bearerTokens([{ id: "ada", name: "Ada", token }]),
  });

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

type Ask = (
  method: string,
  path: string,
  options?: { readonly headers?: Record<string, string>; readonly body?: string },
) => Promise<Answer>;

const askHttp =
  (port: number): Ask =>
  async (method, path, { headers = {}, body } = {}) => {
    const request = httpRequest({ port, host: "127.0.0.1", method, path, headers, agent: false }).end(body);
    const [response] = (await once(request, "response")) as [IncomingMessage];
    return { status: response.statusCode, headers: response.headers, body: await text(response) };
  };

const inNode = async (listener: RequestListener): Promise<Ask> => askHttp(await listening(createServer(listener), cleanups));

function overFetch(handle: (request: Request) => Response | Promise<Response>): Ask {
  return async (method, path, { headers = {}, body } = {}) => {
    const response = await handle(new Request(`https://shop.example${path}`, { method, headers, ...(body === undefined ? {} : { body }) }));
    return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
  };
}

async function inFastify(prefix: string): Promise<Ask> {
  const app = fastify();
  app.post("/own", (request) => request.body);
  await app.register(toFastify(createSample()), { prefix });
  await app.listen({ port: 0, host: "127.0.0.1" });
  cleanups.push(() => app.close());
  return askHttp((app.server.address() as AddressInfo).port);
}

/** Ways to host the surface; `prefix` is where the host has put it. */
const hosts: Readonly<Record<string, { readonly prefix?: string; readonly start: () => Promise<Ask> }>> = {
  "node:http": { start: () => inNode(createSample().node) },
  "node:http2": {
    async start() {
      const port = await listening(http2.createServer(createSample().node), cleanups);
      const session = http2.connect(`http://127.0.0.1:${String(port)}`);
      cleanups.push(() => session.close());
      return async (method, path, { headers = {}, body } = {}) => {
        const stream = session.request({ ":method": method, ":path": path, ...headers }).end(body);
        const [answered] = (await once(stream, "response")) as [http2.IncomingHttpHeaders & http2.IncomingHttpStatusHeader];
        return { status: answered[":status"], headers: answered, body: await text(stream) };
      };
    },
  },
  "Express 5": { start: () => inNode(express().use(createSample().node)) },
  "Express 5 behind its own parser": { start: () => inNode(express().use(express.json()).use(createSample().node)) },
  "Express 5 behind a parser of texts": {
    start: () =>
      inNode(
        express()
          .use(express.text({ type: "*/*" }))
          .use(createSample().node),
      ),
  },
  "Express 5 behind a parser of bytes": {
    start: () =>
      inNode(
        express()
          .use(express.raw({ type: "*/*" }))
          .use(createSample().node),
      ),
  },
  "Express 5 under a prefix": { prefix: "/ops", start: () => inNode(express().use("/ops", createSample().node)) },
  "Express 4": { start: () => inNode(express4().use(createSample().node)) },
  "Express 4 behind its own parser": { start: () => inNode(express4().use(express4.json()).use(createSample().node)) },
  Fastify: { start: () => inFastify("") },
  "Fastify under a prefix": { prefix: "/ops", start: () => inFastify("/ops") },
  Hono: {
    start: async () => {
      const app = new Hono().use(toHono(createSample()));
      return overFetch((request) => app.fetch(request));
    },
  },
  "SvelteKit's handle": {
    start: async () => {
      const handle = svelteKitHandle(createSample());
      return overFetch((request) => handle({ event: { request }, resolve: () => new Response("", { status: 404 }) }));
    },
  },
  "route handlers": {
    start: async () => {
      const handlers = toRouteHandlers(createSample());
      return overFetch((request) => handlers[request.method as keyof typeof handlers]({ request }));
    },
  },
};

const json = { "content-type": "application/json; charset=utf-8" };
const bearer = { authorization: `Bearer ${token}` };

describe.each(Object.entries(hosts))("%s", (name, { prefix = "", start }) => {
  test("health, a route with a body, a page and a stream", async () => {
    const ask = await start();
    for (const path of ["/api/health", "/api/health/", "/api/health/live?x=1"])
      expect(await ask("GET", `${prefix}${path}`)).toMatchObject({ status: 200, headers: { "cache-control": "no-cache" } });
    const said = await ask("POST", `${prefix}/api/echo/b%20c/?loud=yes`, { headers: { ...json, ...bearer }, body: '{"word":"hi"}' });
    expect(said).toMatchObject({ status: 200, headers: { "content-type": "application/json; charset=utf-8" } });
    expect(JSON.parse(said.body)).toEqual({ by: "Ada", name: "b c", loud: "yes", word: "hi" });
    const shown = await ask("GET", `${prefix}/page`, { headers: bearer });
    // Only what takes a prefix off can know of it.
    expect(JSON.parse(shown.body)).toEqual({ prefix });
    expect(await ask("GET", `${prefix}/api/ticks`)).toMatchObject({ status: 200, body: "data: one\n\ndata: two\n\ndata: three\n\n" });
  });

  test("what cannot be understood is a problem", async () => {
    const ask = await start();
    const post = (body: string, headers: Record<string, string> = { ...json, ...bearer }) =>
      ask("POST", `${prefix}/api/echo/b`, { headers, body }).then((answer) => [
        answer.status,
        (JSON.parse(answer.body) as { code: string }).code,
      ]);
    expect(await post('{"word":1}')).toEqual([400, "HTTP_REQUEST_INVALID"]);
    expect(await post("{}")).toEqual([400, "HTTP_REQUEST_INVALID"]);
    expect(await post('{"word":"hi"}', json)).toEqual([401, "HTTP_UNAUTHENTICATED"]);
    expect(await post('{"word":"hi"}', { ...json, authorization: "Bearer another-token-that-is-wrong" })).toEqual([
      401,
      "HTTP_UNAUTHENTICATED",
    ]);
    expect(await post('{"word":"hi"}', { ...json, ...bearer, "sec-fetch-site": "cross-site" })).toEqual([403, "HTTP_CROSS_SITE"]);
    expect(await post('{"word":"hi"}', { ...json, ...bearer, origin: "https://evil.example" })).toEqual([403, "HTTP_CROSS_SITE"]);
    // A parser of the host answers these by itself.
    if (name.includes("its own parser")) return;
    expect(await post('{"word":"hi"}', { "content-type": "text/plain", ...bearer })).toEqual([415, "HTTP_CONTENT_TYPE_UNKNOWN"]);
    expect(await post('{"word":')).toEqual([400, "HTTP_BODY_INVALID"]);
    expect(await post(`{"word":"${"a".repeat(70_000)}"}`)).toEqual([413, "HTTP_BODY_TOO_LARGE"]);
  });

  test("methods and paths", async () => {
    const ask = await start();
    expect(await ask("DELETE", `${prefix}/api/ticks`)).toMatchObject({ status: 405, headers: { allow: "GET, HEAD" } });
    expect(await ask("GET", `${prefix}/api/echo/b`)).toMatchObject({ status: 405, headers: { allow: "POST" } });
    expect(await ask("HEAD", `${prefix}/api/ticks`)).toMatchObject({ status: 200, body: "" });
    const preflight = await ask("OPTIONS", `${prefix}/api/ticks`);
    expect(preflight).toMatchObject({ status: 204, headers: { "access-control-allow-origin": "*" }, body: "" });
    expect(await ask("GET", `${prefix}/api/echo/%E0%A4%A`)).toMatchObject({ status: name.startsWith("Fastify") ? 400 : 404 });
    expect(await ask("GET", `${prefix}/api/elsewhere`)).toMatchObject({ status: 404 });
  });
});

test("the rest is the host's, and its own parsers stay", async () => {
  const ask = await inFastify("/ops");
  const own = await ask("POST", "/own", { headers: json, body: '{"word":"mine"}' });
  expect(own).toMatchObject({ status: 200, body: '{"word":"mine"}' });
  const app = new Hono().use(toHono(createSample())).get("/own", (context) => context.text("mine"));
  expect(await overFetch((request) => app.fetch(request))("GET", "/own")).toMatchObject({ status: 200, body: "mine" });
  const handle = svelteKitHandle(createSample(), { building: true });
  const built = await handle({ event: { request: new Request("https://shop.example/page") }, resolve: () => new Response("built") });
  expect(await built.text()).toBe("built");
});

test("nobody who has gone keeps a stream going", async () => {
  let ended: (reason: unknown) => void = () => undefined;
  const gone = new Promise((resolve) => (ended = resolve));
  const endless = defineRoute({
    id: "endless",
    method: "GET",
    path: "/endless",
    permission: "public",
    summary: "goes on",
    answers,
    answer: () => ({
      status: 200,
      headers: {},
      async *stream(signal) {
        try {
          yield "begun\n";
          await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
        } finally {
          ended(signal.aborted);
        }
      },
    }),
  });
  const http = createSurface([endless], {});
  const port = await listening(createServer(http.node), cleanups);
  const request = httpRequest({ port, host: "127.0.0.1", path: "/api/endless", agent: false }).end();
  const [response] = (await once(request, "response")) as [IncomingMessage];
  await once(response, "data");
  request.destroy();
  expect(await gone).toBe(true);

  const again = new Promise((resolve) => (ended = resolve));
  const reader = (await http.fetch(new Request("https://shop.example/api/endless"))).body?.getReader();
  await reader?.read();
  await reader?.cancel();
  expect(await again).toBe(true);
});

test("a stream that fails tells whoever makes it that it is over", async () => {
  let told: AbortSignal | undefined;
  const failing = defineRoute({
    ...ticks,
    answer: () => ({
      status: 200,
      headers: {},
      // eslint-disable-next-line require-yield
      async *stream(signal) {
        told = signal;
        await Promise.resolve();
        throw new Error("it broke");
      },
    }),
  });
  const response = await createSurface([failing], {}).fetch(new Request("https://shop.example/api/ticks"));
  await expect(response.text()).rejects.toMatchObject({ code: "HTTP_FAILED" });
  expect(told?.aborted).toBe(true);
});

describe("who has gone before the answer is made", () => {
  const gated = () => {
    const [asked, answered] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    let streams = 0;
    const route = defineRoute({
      ...ticks,
      async answer() {
        asked.resolve(undefined);
        await answered.promise;
        return {
          status: 200,
          headers: {},
          async *stream() {
            streams += 1;
            yield await Promise.resolve("begun\n");
          },
        };
      },
    });
    return { http: createSurface([route], {}), asked: asked.promise, answer: () => answered.resolve(undefined), streams: () => streams };
  };

  test("no stream begins over HTTP/1.1", async () => {
    const { http, asked, answer, streams } = gated();
    const closed = Promise.withResolvers<undefined>();
    const listener: RequestListener = (request, response) => {
      response.on("close", () => closed.resolve(undefined));
      http.node(request, response);
    };
    const port = await listening(createServer(listener), cleanups);
    const request = httpRequest({ port, host: "127.0.0.1", path: "/api/ticks", agent: false }).end();
    request.on("error", () => undefined);
    await asked;
    request.destroy();
    await closed.promise;
    answer();
    // Whoever asks now comes behind it.
    expect((await askHttp(port)("GET", "/api/ticks")).body).toBe("begun\n");
    expect(streams()).toBe(1);
  });

  test("no stream begins over HTTP/2", async () => {
    const { http, asked, answer, streams } = gated();
    const closed = Promise.withResolvers<undefined>();
    const server = http2.createServer((request, response) => {
      response.on("close", () => closed.resolve(undefined));
      http.node(request, response);
    });
    const session = http2.connect(`http://127.0.0.1:${String(await listening(server, cleanups))}`);
    cleanups.push(() => session.close());
    const stream = session.request({ ":path": "/api/ticks" });
    stream.on("error", () => undefined);
    await asked;
    stream.close(http2.constants.NGHTTP2_CANCEL);
    await closed.promise;
    answer();
    expect(await text(session.request({ ":path": "/api/ticks" }))).toBe("begun\n");
    expect(streams()).toBe(1);
  });
});

describe("a body that the host", () => {
  const wish = defineRoute({
    ...echo,
    path: "/wish",
    parameters: z.strictObject({}),
    body: z.strictObject({ digest: z.exactOptional(z.string()) }),
    answer: ({ body }) => jsonReply(200, body),
  });
  const http = createSurface([wish], { authenticate: bearerTokens([{ id: "ada", name: "Ada", token }]) });
  const body = '{"digest":"d1"}';
  const send = async (ask: Ask, given?: string, headers: Record<string, string> = json) => {
    const answer = await ask("POST", "/api/wish", { headers: { ...bearer, ...headers }, ...(given === undefined ? {} : { body: given }) });
    return [answer.status, JSON.parse(answer.body) as unknown];
  };
  const refused = [400, expect.objectContaining({ code: "HTTP_BODY_INVALID", detail: expect.stringContaining("has read it before") })];

  const readers: Readonly<Record<string, (request: IncomingMessage) => Promise<unknown>>> = {
    "has read": (request) => text(request),
    "has let go": (request) => once(request.resume(), "end"),
  };
  test.each(Object.entries(readers))("%s before is not taken for an empty one", async (_, read) => {
    const ask = await inNode((request, response) => void read(request).then(() => http.node(request, response)));
    expect(await send(ask, body)).toEqual(refused);
    expect(await send(ask, body, { ...json, "transfer-encoding": "chunked" })).toEqual(refused);
    expect(await send(ask, undefined, {})).toEqual([200, {}]);
    const untouched = await inNode(http.node);
    expect(await send(untouched, body)).toEqual([200, { digest: "d1" }]);
    expect(await send(untouched, undefined, { "transfer-encoding": "chunked" })).toEqual([200, {}]);
  });

  test("has read before is not taken for an empty one over fetch", async () => {
    const ask = overFetch(async (request) => {
      await request.text();
      return http.fetch(request);
    });
    expect(await send(ask, body)).toEqual(refused);
    expect(await send(ask)).toEqual([200, {}]);
  });

  test("never had, or that its parsers leave alone, is read as it is", async () => {
    const ask = await inNode(express4().use(express4.json()).use(http.node));
    expect(await send(ask, undefined, {})).toEqual([200, {}]);
    expect(await send(ask, "{}")).toEqual([200, {}]);
    expect(await send(ask, body)).toEqual([200, { digest: "d1" }]);
    expect(await send(ask, body, { "content-type": "text/plain" })).toMatchObject([415, {}]);
    const forms = await inNode(
      express4()
        .use(express4.urlencoded({ extended: false }))
        .use(http.node),
    );
    expect(await send(forms, body)).toEqual([200, { digest: "d1" }]);
  });
});
