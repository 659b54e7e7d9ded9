import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import type { CandidateSubject } from "../../src/contract/check.js";
import { createHealth, defineCheck, toNodeHandler } from "../../src/health.js";
import { releaseCheck, type ReleaseCheckOptions } from "../../src/node.js";
import { runCheck } from "../../src/health/run-check.js";
import { systemClock } from "../../src/time/clock.js";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function site(listener: RequestListener) {
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    sockets.add(request.socket);
    listener(request, response);
  }).listen(0, "127.0.0.1");
  cleanups.push(() => server.close());
  await once(server, "listening");
  return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, connections: () => sockets.size };
}

const silent = () => undefined;
const log = { info: silent, warn: silent, error: silent };
const release = "rel_new";

function ask(url: string | undefined, { live = false, ...options }: Partial<ReleaseCheckOptions> & { readonly live?: boolean } = {}) {
  const candidate = { id: "candidate-1", ...(url === undefined ? {} : { url }) };
  // Of a subject no more is looked at.
  const subject = { candidate, release: { id: release }, live } as CandidateSubject;
  const check = releaseCheck({ name: "release", timeout: "20s", ...options });
  const run = (call: Parameters<typeof check.run>[1]) => check.run(subject, call);
  return runCheck({ name: check.name, timeout: "20s", run }, { signal: new AbortController().signal, log }, systemClock);
}

/** Answers as `release`, or with whatever else is given. */
const as =
  (release: string | undefined, status = 200, body: object = { status: "healthy" }): RequestListener =>
  (_, response) =>
    void response.writeHead(status, release === undefined ? {} : { "x-fairlead-release": release }).end(JSON.stringify(body));

test("Fairlead's own health says who it is, three times over three connections", async () => {
  const checks = [defineCheck({ name: "database", run: () => ({ status: "up" }) })];
  const health = createHealth({ release, checks }).background();
  cleanups.push(() => health.stop());
  await expect.poll(() => health.snapshot().status, { timeout: 90_000 }).toBe("healthy");
  const { url, connections } = await site(toNodeHandler(health));
  expect(await ask(url)).toMatchObject({ status: "up", data: { answers: 3 } });
  expect(connections()).toBe(3);
  expect(await ask(`${url}/`, { answers: 5 })).toMatchObject({ status: "up" });
  expect(connections()).toBe(8);
});

test.each<[string, RequestListener, object]>([
  ["the old release", as("rel_old"), { status: "down", reason: "other_release" }],
  ["the old release, which is unwell", as("rel_old", 503), { status: "down", reason: "other_release" }],
  ["nobody in particular", as(undefined), { status: "down", reason: "release_unnamed" }],
  ["the release in the body", as(undefined, 200, { release, status: "healthy" }), { status: "up" }],
  ["the release as something else", as(undefined, 200, { release: { id: release } }), { status: "down", reason: "release_unnamed" }],
  ["no JSON", (_, response) => void response.end("ok"), { status: "down", reason: "release_unnamed" }],
  ["503", as(release, 503), { status: "down", reason: "http_503" }],
  ["200 that says unhealthy", as(release, 200, { status: "unhealthy" }), { status: "down", reason: "unhealthy" }],
  ["degraded", as(release, 200, { status: "degraded" }), { status: "degraded", reason: "degraded" }],
  ["a log-in", (_, response) => void response.writeHead(307, { location: "https://vercel.com/sso-api" }).end(), { reason: "blocked" }],
  ["a redirect", (_, response) => void response.writeHead(302, { location: "/" }).end(), { reason: "http_302" }],
  ["a hang-up", ({ socket }) => void socket.resetAndDestroy(), { status: "down", reason: "reset" }],
])("%s", async (_, listener, expected) => {
  const { url } = await site(listener);
  expect(await ask(url)).toMatchObject(expected);
});

test("one answer of an old process among the new ones is enough", async () => {
  for (let old = 1; old <= 4; old += 1) {
    let count = 0;
    const { url } = await site((request, response) => as((count += 1) === old ? "rel_old" : release)(request, response));
    expect(await ask(url)).toMatchObject(old <= 3 ? { status: "down", reason: "other_release" } : { status: "up" });
  }
});

test("asks where users ask once it is live, and is down where nobody can be asked", async () => {
  const [candidate, shop] = [await site(as(release)), await site(as("rel_old"))];
  expect((await ask(candidate.url, { url: shop.url })).status).toBe("up");
  expect(await ask(candidate.url, { url: shop.url, live: true })).toMatchObject({ reason: "other_release" });
  expect((await ask(candidate.url, { live: true })).status).toBe("up");
  expect(await ask(undefined)).toMatchObject({ status: "down", reason: "no_address" });
});

test("an answer without end is read no further than needed", async () => {
  const { url } = await site((_, response) => {
    response.writeHead(200, { "x-fairlead-release": release });
    const more = () => {
      while (response.write("x".repeat(65_536)));
    };
    response.on("drain", more);
    more();
  });
  expect((await ask(url)).status).toBe("up");
});

test.each<Partial<ReleaseCheckOptions>>([
  { name: "My Check" },
  { name: undefined as unknown as string },
  { answers: 0 },
  { url: "shop.example" },
  { path: "health" },
  { timeout: "0s" },
])("refuses %o", (mistake) => {
  expect(() => releaseCheck({ name: "release", ...mistake })).toThrow(expect.objectContaining({ code: "CHECK_INVALID" }));
});
