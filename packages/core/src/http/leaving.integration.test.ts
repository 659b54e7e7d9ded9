import { once } from "node:events";
import { createServer } from "node:http";
import * as http2 from "node:http2";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { listening } from "@fairlead/test-support";
import { afterEach, describe, expect, test } from "vitest";
import * as z from "zod";
import { createHealth, defineCheck } from "../health/index.js";
import { createDrain } from "../health/node/index.js";
import { createStatus } from "../status/index.js";
import { memoryStore } from "../store/memory-store.js";
import { createHttp, createSurface } from "./create-http.js";
import { jsonReply } from "./exchange.js";
import { defineRoute } from "./route.js";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const statusOf = () =>
  createStatus({
    ...{ application: "shop", environment: "production", store: memoryStore() },
    page: { url: "https://status.shop.example" },
    components: [{ name: "web", checks: [] }],
  });

/** What a listener has heard when its stream is over; resolves once it has heard the first event. */
async function listenTo(response: Response): Promise<{ readonly whole: Promise<string> }> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let heard = "";
  while (!heard.includes("event: status")) heard += (await reader.read()).value ?? "";
  const rest = async (): Promise<string> => {
    for (;;) {
      const { done, value = "" } = await reader.read();
      heard += value;
      if (done) return heard;
    }
  };
  return { whole: rest() };
}

const cameToAnEnd = /\n\nretry: \d{3,4}\n\n$/;

describe("a process that is about to end", () => {
  test("ends event streams at once and is not held up by them", async () => {
    const health = createHealth();
    const http = createHttp({ health, status: statusOf() });
    const server = createServer(http.node);
    const drain = createDrain({ health, servers: [server], delay: "0s", within: "1h" });
    const url = `http://127.0.0.1:${String(await listening(server, cleanups))}/status/events`;
    const listeners = await Promise.all([1, 2, 3].map(async () => listenTo(await fetch(url))));
    expect(await drain.begin()).toEqual({ cut: 0 });
    for (const { whole } of listeners) expect(await whole).toMatch(cameToAnEnd);
  });

  test("is told by the drain where there is no health, also over fetch", async () => {
    const http = createHttp({ status: statusOf() });
    const ask = () => http.fetch(new Request("https://shop.example/status/events"));
    const { whole } = await listenTo(await ask());
    await createDrain({ http, servers: [], delay: "0s" }).begin();
    expect(await whole).toMatch(cameToAnEnd);
    // Who comes meanwhile is sent on: any other answer would keep a browser from coming again.
    const late = await ask();
    expect([late.status, late.headers.get("content-type")]).toEqual([200, "text/event-stream; charset=utf-8"]);
    expect(await late.text()).toMatch(/^retry: \d{3,4}\n\n$/);
  });

  test("knows it also where it was never ready, and where it drained before", async () => {
    const health = createHealth({ checks: [defineCheck({ name: "database", run: () => ({ status: "down" }) })] });
    const http = createHttp({ health, status: statusOf() });
    const { whole } = await listenTo(await http.fetch(new Request("https://shop.example/status/events")));
    health.drain();
    expect(await whole).toMatch(cameToAnEnd);
    const later = createHttp({ health, status: statusOf() });
    expect(await (await later.fetch(new Request("https://shop.example/status/events"))).text()).toMatch(/^retry: /);
  });
});

describe("a body that is too large", () => {
  const echo = defineRoute({
    ...{ id: "echo", method: "POST", path: "/echo", permission: "public", summary: "says it again" },
    body: z.unknown(),
    answers: { 200: { description: "as asked" } },
    answer: ({ body }) => jsonReply(200, body),
  });
  const surface = createSurface([echo], { bodyLimit: 100 });

  async function connected(): Promise<{ readonly socket: Socket; readonly answer: Promise<string> }> {
    const socket = connect(await listening(createServer(surface.node), cleanups), "127.0.0.1");
    cleanups.push(() => socket.destroy());
    // Whoever sends on for ever is cut off in the end, be it by an error of writing: what counts is what it was told before.
    socket.on("error", () => undefined);
    let told = "";
    socket.setEncoding("utf8").on("data", (piece: string) => (told += piece));
    const answer = new Promise<string>((resolve) => {
      socket.once("close", () => resolve(told));
    });
    return { socket, answer };
  }

  test.each([
    ["in chunks", "transfer-encoding: chunked", "400\r\n"],
    ["of a length that is told", "content-length: 5000000000", ""],
  ])("and comes %s is refused, and its connection ends, while the client still sends", async (_, header, chunk) => {
    const { socket, answer } = await connected();
    socket.write(`POST /api/echo HTTP/1.1\r\nhost: shop.example\r\ncontent-type: application/json\r\n${header}\r\n\r\n`);
    const end = chunk === "" ? "" : "\r\n";
    const piece = Buffer.from(`${chunk}${" ".repeat(1_024)}${end}`);
    // For ever, as fast as it is taken.
    const send = (): void => {
      while (!socket.destroyed && socket.write(piece));
    };
    socket.on("drain", send);
    send();
    const told = await answer;
    expect(told).toMatch(/^HTTP\/1\.1 413 /);
    expect(told).toMatch(/\r\nconnection: close\r\n/i);
    expect(told).toContain('"code":"HTTP_BODY_TOO_LARGE"');
  });

  test("and ends soon is answered in peace", async () => {
    const { socket, answer } = await connected();
    const body = `c8\r\n${" ".repeat(200)}\r\n0\r\n\r\n`;
    socket.write(
      `POST /api/echo HTTP/1.1\r\nhost: shop.example\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n${body}`,
    );
    expect(await answer).toMatch(/^HTTP\/1\.1 413 [\s\S]*HTTP_BODY_TOO_LARGE/);
  });

  test("ends its own stream alone in HTTP/2", async () => {
    const session = http2.connect(`http://127.0.0.1:${String(await listening(http2.createServer(surface.node), cleanups))}`);
    cleanups.push(() => session.destroy());
    const ask = (body: string) => {
      const stream = session.request({ ":method": "POST", ":path": "/api/echo", "content-type": "application/json" });
      stream.write(body);
      return stream;
    };
    const large = ask(" ".repeat(200));
    const [headers] = (await once(large, "response")) as [http2.IncomingHttpHeaders & http2.IncomingHttpStatusHeader];
    let told = "";
    large.setEncoding("utf8").on("data", (piece: string) => (told += piece));
    await once(large, "close");
    expect([headers[":status"], large.rstCode, told]).toEqual([413, 0, expect.stringContaining("HTTP_BODY_TOO_LARGE")]);
    expect(await text(ask("{}").end())).toBe("{}");
  });
});
