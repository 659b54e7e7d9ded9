import { createTestClock } from "@fairlead/testing";
import { describe, expect, test } from "vitest";
import type { CallOptions } from "../../contract/call.js";
import type { ApplicationCheck } from "../../contract/check.js";
import { createFatalFlag } from "../liveness/fatal-flag.js";
import { createWatchdog } from "../liveness/watchdog.js";
import { heartbeatCheck } from "./heartbeat-check.js";
import { browserCheck } from "./browser-check.js";
import { poolCheck } from "./pool-check.js";
import { isProtectionPage } from "./protection.js";
import { queueCheck } from "./queue-check.js";

const silent = () => undefined;
const call: CallOptions = { signal: new AbortController().signal, log: { info: silent, warn: silent, error: silent } };
const ask = (check: ApplicationCheck) => check.run(call);
const invalid = expect.objectContaining({ code: "CHECK_INVALID" });

describe("a queue", () => {
  test.each([
    [0, { status: "up", data: { waiting: 0 } }],
    [10, { status: "up" }],
    [11, { status: "degraded", reason: "queue_deep" }],
    [101, { status: "down", reason: "queue_deep", message: "101 jobs wait, more than 100" }],
    [NaN, { status: "down", reason: "no_number" }],
  ])("of %d", async (depth, expected) => {
    const check = queueCheck({ name: "mails", depth: () => Promise.resolve(depth), degradedAbove: 10, downAbove: 100 });
    expect(await ask(check)).toMatchObject(expected);
  });

  test("without limits only has to answer", async () => {
    expect(await ask(queueCheck({ name: "mails", depth: () => 1e9 }))).toMatchObject({ status: "up" });
    await expect(ask(queueCheck({ name: "mails", depth: () => Promise.reject(new Error("gone")) }))).rejects.toThrow("gone");
  });

  test.each([{ degradedAbove: -1 }, { downAbove: NaN }, { downAbove: "9" as unknown as number }])("refuses %o", (limits) => {
    expect(() => queueCheck({ name: "mails", depth: () => 1, ...limits })).toThrow(invalid);
  });
});

describe("a heartbeat", () => {
  const clock = createTestClock({ start: "2026-03-01T12:00:00Z" });
  test.each([
    ["never", null, { status: "down", reason: "heartbeat_missing" }],
    ["no time", "soon", { status: "down", reason: "heartbeat_missing" }],
    ["fresh", "2026-03-01T11:59:30Z", { status: "up", data: { last: "2026-03-01T11:59:30.000Z", age: 30_000 } }],
    ["late", new Date("2026-03-01T11:59:29Z"), { status: "down", reason: "heartbeat_late", message: "the last heartbeat is 31.0 s old" }],
    ["of a clock that is fast", Date.parse("2026-03-01T12:05:00Z"), { status: "up", data: { age: 0 } }],
  ])("%s", async (_, last, expected) => {
    expect(await ask(heartbeatCheck({ name: "worker", within: "30s", last: () => last, clock }))).toMatchObject(expected);
  });

  test("refuses no time", () => {
    expect(() => heartbeatCheck({ name: "worker", within: "0s", last: () => null })).toThrow(invalid);
  });
});

describe("a pool", () => {
  test.each([
    [{ size: 0, available: 0, pending: 0 }, "up"],
    [{ size: 10, available: 0, pending: 0 }, "up"],
    [{ size: 10, available: 3, pending: 5 }, "up"],
    [{ size: 10, available: 0, pending: 1 }, "degraded"],
    [{ size: 10, available: 0, pending: 50 }, "degraded"],
    [{ size: 10, available: 0, pending: 51 }, "down"],
  ])("%o is %s", async (state, status) => {
    const check = poolCheck({ name: "browsers", state: () => state, downAbove: 50 });
    expect(await ask(check)).toMatchObject({ status, ...(status === "up" ? {} : { reason: "pool_exhausted" }) });
  });

  test("that says nothing is down", async () => {
    const check = poolCheck({ name: "browsers", state: () => ({}) as { size: number; available: number; pending: number } });
    expect(await ask(check)).toMatchObject({ status: "down", reason: "no_number" });
  });
});

test("a browser is asked over HTTP", () => {
  expect(() => browserCheck({ name: "browser", url: "ws://127.0.0.1:9222" })).toThrow(invalid);
});

test("a fatal flag stays raised and keeps the first message", async () => {
  const flag = createFatalFlag({ name: "native-library" });
  expect(await ask(flag.check)).toEqual({ status: "up" });
  flag.raise("the cache is corrupt");
  flag.raise("and more");
  expect(await ask(flag.check)).toEqual({ status: "down", reason: "fatal", message: "the cache is corrupt" });
  expect(flag.check.kind).toBe("process");
});

test("a watchdog bites when there is work and no progress, and only then", async () => {
  const clock = createTestClock();
  const dog = createWatchdog({ name: "jobs", within: "1m", clock });
  const status = async () => (await ask(dog.check)).status;
  await clock.advance("1h");
  expect(await status()).toBe("up");
  dog.progress();
  await clock.advance("1h");
  expect(await status()).toBe("up");
  dog.expect();
  await clock.advance("50s");
  dog.expect();
  await clock.advance("10s");
  expect(await status()).toBe("up");
  await clock.advance("1ms");
  expect(await ask(dog.check)).toMatchObject({ status: "down", reason: "no_progress" });
  dog.progress();
  expect(await status()).toBe("up");
  await clock.advance("61s");
  expect(await status()).toBe("down");
  dog.idle();
  expect(await status()).toBe("up");
});

test.each<[string, number, Record<string, string>, boolean]>([
  ["an open site", 200, { "set-cookie": "session=1" }, false],
  ["a site that wants a log-in of its own", 302, { location: "/login" }, false],
  ["a site that is broken", 403, { server: "cloudflare" }, false],
  ["Vercel's deployment protection", 401, { "set-cookie": "a=1, _vercel_sso_nonce=abc; Max-Age=3600" }, true],
  ["its redirect", 307, { location: "https://vercel.com/sso-api?url=x" }, true],
  ["Vercel's challenge", 429, { "x-vercel-mitigated": "challenge" }, true],
  ["Cloudflare's challenge", 403, { "cf-mitigated": "challenge" }, true],
  ["Cloudflare Access", 302, { location: "https://shop.cloudflareaccess.com/cdn-cgi/access/login" }, true],
  ["a look-alike", 302, { location: "https://evil.example/cloudflareaccess.com/" }, false],
  ["AWS WAF, which says 202", 202, { "x-amzn-waf-action": "challenge" }, true],
])("%s", (_, status, headers, expected) => {
  expect(isProtectionPage({ status, headers: new Headers(headers) })).toBe(expected);
});
