import { once } from "node:events";
import { createServer } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { matrixCases } from "@fairlead/test-support";
import express from "express";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createHealth } from "../../src/health.js";
import { bearerTokens, createHttp } from "../../src/http.js";
import { createTeam } from "../deployer/team.js";

const token = "ada-0123456789-0123456789";
const { watching } = createTeam();
const logged: string[] = [];
const tell = (message: string): void => void logged.push(message);
const http = createHttp({
  health: createHealth(),
  deployer: watching,
  authenticate: bearerTokens([{ id: "ada", token }]),
  rateLimit: false,
  metrics: {},
  log: { info: tell, warn: tell, error: tell },
});
const servers = [createServer(http.node), createServer(express().use(express.json()).use(http.node))];
const rejections: unknown[] = [];
const onRejection = (reason: unknown): void => void rejections.push(reason);

beforeAll(async () => {
  process.on("unhandledRejection", onRejection);
  for (const server of servers) {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  }
});
afterAll(async () => {
  process.off("unhandledRejection", onRejection);
  for (const server of servers) server.close();
  await watching.close();
});

/** Mulberry32. */
function randomOf(seed: number): (most: number) => number {
  let state = seed;
  return (most) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % most;
  };
}

const methods = ["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND", "get"];
const paths = [...http.paths.map((path) => path.replace(/\{\w+\}/, "dep_1")), "/", "*", "//", "/api/deploy/status/"];
const twists = [
  "%",
  "%00",
  "%E0%A4%A",
  "%2e%2e/",
  "../",
  "/",
  "//",
  "?",
  "?a=%",
  "?limit=1e309",
  "?after=%ff",
  "?__proto__[x]=1",
  "?constructor=1",
  "#",
  ";",
  "\\",
  "{id}",
  "é",
  " x",
  "\u0000",
  "a".repeat(9_000),
  "/__proto__",
  "/constructor",
  "?logs=9999999999999999",
  "%F0%9F%92%A9",
  "http://[::1",
];
const headers = [
  "content-type: application/json",
  "content-type: application/json; charset=utf-16",
  "content-type: ;",
  "content-type: multipart/form-data; boundary=",
  "authorization: Basic %%%",
  "authorization: Bearer",
  "authorization: Bearer " + "x".repeat(5_000),
  "last-event-id: 1e9",
  "last-event-id: -1.-1",
  "last-event-id: 999999999.999999999",
  "idempotency-key: \u00e9",
  "idempotency-key:",
  "accept: " + ",".repeat(500),
  "accept: application/openmetrics-text;q=x",
  "origin: null",
  "origin: http://[",
  "sec-fetch-site: \u00ff",
  "if-none-match: W/",
  "cookie: =;=;",
  "expect: 200-ok",
  "get: x",
  "__proto__: x",
  "host: a b",
  "transfer-encoding: chunked",
  "content-length: 99999999",
  "content-length: 3",
  "connection: upgrade",
  "upgrade: websocket",
  "range: bytes=-1",
];
const bodies = [
  "",
  "{",
  "null",
  "[]",
  "0",
  '"',
  "{}",
  '{"environment":null}',
  '{"environment":"development","commit":"; rm"}',
  '{"__proto__":{"environment":"development"}}',
  '{"environment":"development","source":{"__proto__":"x"}}',
  '{"environment":"\\ud800"}',
  "\xff\xfe",
  "[".repeat(9_000),
  `{"environment":"${"a".repeat(9_000)}"}`,
  '{"environment":"constructor"}',
  '{"environment":"../../x"}',
  '{"environment":"development","reason":1e999}',
  "a=b&c",
  "3\r\n{}\r\n\r\n0\r\n\r\n",
  "\u0000",
];

const cases = matrixCases(
  Array.from({ length: 10_000 }, (_, seed) => seed + 1),
  { sample: 600 },
);

function requestOf(seed: number): string {
  const random = randomOf(seed);
  const one = <Item>(items: readonly Item[]): Item => items[random(items.length)] as Item;
  const path = `${one(paths)}${random(3) === 0 ? "" : one(twists)}${random(4) === 0 ? one(twists) : ""}`.replaceAll(/[\r\n]/g, "");
  const body = one(bodies);
  const some = Array.from({ length: random(5) }, () => one(headers));
  const known = random(3) === 0 ? [] : [`authorization: Bearer ${token}`];
  const length = random(4) === 0 ? [] : [`content-length: ${String(Buffer.byteLength(body, "latin1"))}`];
  const type = random(2) === 0 ? ["content-type: application/json"] : [];
  return `${one(methods)} ${path} HTTP/1.1\r\nhost: a\r\n${[...known, ...type, ...some, ...length, "connection: close"].join("\r\n")}\r\n\r\n${body}`;
}

async function answerTo(port: number, request: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  // Half closed: what waits for more of a body is told that there is none.
  socket.end(request, "latin1");
  return text(socket).catch(() => "");
}

test("whatever is sent, nothing fails and nobody is told of the inside", { timeout: 240_000 }, async () => {
  const statuses = new Map<string, number>();
  const failures: unknown[] = [];
  for (let start = 0; start < cases.length; start += 20)
    await Promise.all(
      cases.slice(start, start + 20).map(async (seed) => {
        const server = servers[seed % servers.length];
        const request = requestOf(seed);
        const answer = await answerTo((server?.address() as AddressInfo).port, request);
        const status = answer.slice(9, 12);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (status.startsWith("5") && !answer.includes('"services"') && !answer.includes('"status":"unhealthy"'))
          failures.push([seed, request.slice(0, 300), answer.slice(0, 500)]);
        if (/node_modules|\.ts:\d+|at \w+ \(/.test(answer) && !isExpress(answer)) failures.push([seed, answer.slice(0, 500)]);
      }),
    );
  expect(failures).toEqual([]);
  expect(rejections).toEqual([]);
  expect(logged).toEqual([]);
  // Those that reach a route, and those that do not.
  for (const status of ["200", "400", "401", "404", "405"]) expect(statuses.get(status), status).toBeGreaterThan(0);
  for (const server of servers) {
    const { port } = server.address() as AddressInfo;
    expect(await answerTo(port, "GET /api/health/live HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")).toContain("200 OK");
  }
});

/** What its own parser of bodies says, and what it shows of it. */
function isExpress(answer: string): boolean {
  return answer.includes("<!DOCTYPE html>");
}
