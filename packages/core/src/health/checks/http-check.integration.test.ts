import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CallOptions } from "../../contract/call.js";
import { systemClock } from "../../time/clock.js";
import { httpCheck, type HttpCheckOptions } from "./http-check.js";
import { runCheck } from "../run-check.js";

const silent = () => undefined;
const call: CallOptions = { signal: new AbortController().signal, log: { info: silent, warn: silent, error: silent } };

let server: Server;
let origin = "";
const seen: { method: string | undefined; agent: string | undefined; token: unknown }[] = [];
let endless = 0;

beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push({ method: request.method, agent: request.headers["user-agent"], token: request.headers["x-token"] });
    const path = request.url ?? "";
    const status = /^\/status\/(\d+)/.exec(path)?.[1];
    if (status !== undefined) return void response.writeHead(Number(status), { location: "/text" }).end("as asked");
    if (path === "/hang") return;
    if (path === "/hang-body") return void response.writeHead(200).write("begun");
    if (path === "/reset") return void request.socket.resetAndDestroy();
    if (path !== "/endless") return void response.end("shop is open");
    const more = (): void => {
      while (response.write("x".repeat(65_536))) endless += 65_536;
    };
    response.on("drain", more);
    more();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const ask = (path: string, options: Omit<HttpCheckOptions, "name" | "url"> = {}) =>
  runCheck(httpCheck({ name: "api", url: `${origin}${path}`, timeout: "20s", ...options }), call, systemClock);

test.each<[string, Omit<HttpCheckOptions, "name" | "url">, object]>([
  ["/status/200", {}, { status: "up", data: { httpStatus: 200 } }],
  ["/status/204", {}, { status: "up" }],
  ["/status/500", {}, { status: "down", reason: "http_500", data: { httpStatus: 500 } }],
  ["/status/404", {}, { status: "down", reason: "http_404" }],
  ["/status/302", {}, { status: "down", reason: "http_302" }],
  ["/status/302", { status: [200, 302] }, { status: "up" }],
  ["/status/200", { status: 204 }, { status: "down", reason: "http_200" }],
  ["/text", { contains: "is open" }, { status: "up" }],
  ["/text", { contains: /^shop.*open$/g }, { status: "up" }],
  ["/text", { contains: "is closed" }, { status: "down", reason: "body_mismatch" }],
  ["/text", { method: "HEAD" }, { status: "up" }],
  ["/reset", {}, { status: "down", reason: "reset" }],
  ["/hang", { timeout: "100ms" }, { status: "down", reason: "timeout" }],
  ["/hang-body", { timeout: "100ms", contains: "ended" }, { status: "down", reason: "timeout" }],
  ["/hang-body", {}, { status: "up" }],
])("%s asked with %o", async (path, options, expected) => {
  expect(await ask(path, options)).toMatchObject(expected);
});

test("an endless body is read for a megabyte and no further", async () => {
  expect(await ask("/endless", { contains: "y" })).toMatchObject({ status: "down", reason: "body_mismatch" });
  expect(endless).toBeLessThan(8 * 2 ** 20);
});

test("nobody there", async () => {
  const unused = createServer().listen(0, "127.0.0.1");
  await once(unused, "listening");
  const { port } = unused.address() as AddressInfo;
  unused.close();
  await once(unused, "close");
  const run = await runCheck(httpCheck({ name: "api", url: `http://127.0.0.1:${String(port)}/`, timeout: "20s" }), call, systemClock);
  expect(run).toMatchObject({ status: "down", reason: "refused", message: expect.stringContaining("ECONNREFUSED") });
});

test("says who asks, as it was told to", async () => {
  seen.length = 0;
  await ask("/text");
  await ask("/text", { method: "HEAD", headers: { "User-Agent": "shop", "x-token": "abc" } });
  expect(seen).toEqual([
    { method: "GET", agent: "fairlead-health", token: undefined },
    { method: "HEAD", agent: "shop", token: "abc" },
  ]);
});

test("keeps what may be secret in an address out of its messages", async () => {
  expect((await ask("/status/500?token=hunter2")).message).toBe(`${origin}/status/500 answered 500`);
});

describe("refuses", () => {
  test.each(["/relative", "ftp://shop.example", "http://", "https://ada:hunter2@shop.example"])("%s", (url) => {
    const invalid = expect.objectContaining({ code: "CHECK_INVALID", message: expect.not.stringContaining("hunter2") });
    expect(() => httpCheck({ name: "api", url })).toThrow(invalid);
  });
});
