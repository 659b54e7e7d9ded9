import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { CallOptions } from "../contract/call.js";
import type { CheckResult } from "../contract/check.js";
import { defineErrors, error } from "../errors/definition.js";
import { fail } from "../errors/fairlead-error.js";
import { systemClock } from "../time/clock.js";
import { runCheck, type CheckRun } from "./run-check.js";

const silent = () => undefined;
const call: CallOptions = { signal: new AbortController().signal, log: { info: silent, warn: silent, error: silent } };
const ask = (run: (call: CallOptions) => unknown): Promise<CheckRun> =>
  runCheck({ name: "database", run: run as () => CheckResult }, call, systemClock);
const askThrowing = (thrown: unknown): Promise<CheckRun> =>
  ask(() => {
    throw thrown;
  });

test("gives what the check says, and nothing that it does not say", async () => {
  expect(await ask(() => ({ status: "up" }))).toEqual({ status: "up", latency: expect.any(Number) });
  const full = { status: "degraded", reason: "pool_busy", message: "9 of 10", hint: "Enlarge it.", data: { size: 10 } };
  expect(await ask(async () => full)).toEqual({ ...full, latency: expect.any(Number) });
});

describe("time", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("a check that ignores its signal is down when its time is up", async () => {
    let signal: AbortSignal | undefined;
    const run = runCheck(
      { name: "queue", timeout: "5s", run: (given) => ((signal = given.signal), new Promise(silent)) },
      call,
      systemClock,
    );
    await vi.advanceTimersByTimeAsync(4_999);
    expect(signal?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await run).toEqual({
      status: "down",
      reason: "timeout",
      message: "The check queue gave no answer within 5.0 s.",
      hint: expect.stringContaining("timeout"),
      latency: 5_000,
    });
    expect(signal?.aborted).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("two seconds are the most unless the check says otherwise, and latency is how long it took", async () => {
    const slow = runCheck({ name: "slow", run: () => new Promise(silent) }, call, systemClock);
    const quick = ask(() => new Promise((resolve) => setTimeout(resolve, 1_900, { status: "up" })));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await slow).toMatchObject({ status: "down", reason: "timeout", latency: 2_000 });
    expect(await quick).toEqual({ status: "up", latency: 1_900 });
  });

  test("a clock that is put back gives no negative latency", async () => {
    const run = await ask(() => {
      vi.setSystemTime(0);
      return { status: "up" };
    });
    expect(run.latency).toBe(0);
  });

  test("a caller who no longer wants the answer does not wait for it", async () => {
    const controller = new AbortController();
    const run = runCheck({ name: "slow", run: () => new Promise(silent) }, { ...call, signal: controller.signal }, systemClock);
    controller.abort(new Error("stopped"));
    expect(await run).toMatchObject({ status: "down", reason: "check_failed", message: "stopped", latency: 0 });
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("an answer that is none is down", () => {
  const hostile = {
    get status(): never {
      throw new Error("no status for you");
    },
  };
  test.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["true", true],
    ["a text", "up"],
    ["a number", 200],
    ["a list", []],
    ["an object without a status", {}],
    ["an unknown status", { status: "UP" }],
    ["a status in a list", { status: ["up"] }],
    ["a function", () => "up"],
    ["an object that throws when it is read", hostile],
  ])("%s", async (_, answer) => {
    expect(await ask(() => answer)).toMatchObject({ status: "down", reason: "check_failed", message: expect.any(String) });
  });

  test("an invalid time limit", async () => {
    const run = await runCheck({ name: "odd", timeout: "soon" as "1s", run: () => ({ status: "up" }) }, call, systemClock);
    expect(run).toMatchObject({ status: "down", message: '"soon" is not a duration.' });
  });
});

describe("only codes become public", () => {
  test("a reason that is a text is for authorised eyes", async () => {
    const run = await ask(() => ({ status: "down", reason: "connect postgres://app:hunter2@db" }));
    expect(run).toMatchObject({ reason: "check_failed", message: "connect postgres://app:hunter2@db" });
  });

  test("members of other types are left out, data is a copy that JSON can say", async () => {
    const data = { size: 1, when: new Date(0), drop: undefined };
    const run = await ask(() => ({ status: "down", reason: 7, message: { text: "x" }, hint: 1, data }));
    data.size = 2;
    expect(run).toEqual({
      status: "down",
      reason: "check_failed",
      data: { size: 1, when: "1970-01-01T00:00:00.000Z" },
      latency: expect.any(Number),
    });
    const cyclic: Record<string, unknown> = {};
    cyclic["self"] = cyclic;
    expect(await ask(() => ({ status: "up", data: cyclic }))).not.toHaveProperty("data");
    expect(await ask(() => ({ status: "up", data: { size: 1n } }))).not.toHaveProperty("data");
  });
});

describe("what was thrown becomes a reason", () => {
  const shopErrors = defineErrors({
    QUEUE_STUCK: error({ status: 500, retryable: false, message: () => "The queue is stuck.", hint: () => "Kick it." }),
  });
  const withCode = (code: string): Error => Object.assign(new Error("it broke"), { code });

  test.each<[string, unknown, string]>([
    ["a refused connection", withCode("ECONNREFUSED"), "refused"],
    ["a bad certificate", withCode("CERT_HAS_EXPIRED"), "tls"],
    ["a driver's own code", withCode("28P01"), "check_failed"],
    ["a host with several addresses", new AggregateError([withCode("ECONNREFUSED")], ""), "refused"],
    ["an unknown host, by fetch", new TypeError("fetch failed", { cause: withCode("ENOTFOUND") }), "dns"],
    ["a time limit of its own", new DOMException("The operation timed out", "TimeoutError"), "timeout"],
    ["an error of a catalogue", fail(shopErrors, "QUEUE_STUCK", {}), "queue_stuck"],
    ["a text", "a text", "check_failed"],
    ["null", null, "check_failed"],
    ["a symbol", Symbol("odd"), "check_failed"],
    ["what has no text", Object.create(null), "check_failed"],
    ["an error whose message has no text", Object.assign(new Error(), { message: Object.create(null) as unknown }), "check_failed"],
  ])("%s", async (_, thrown, reason) => {
    expect(await askThrowing(thrown)).toMatchObject({ status: "down", reason, message: expect.any(String) });
  });

  test("messages name the cause, errors of the catalogue say what to do", async () => {
    const refused = new AggregateError([new Error("connect ECONNREFUSED ::1:1")], "");
    expect(await askThrowing(new Error("no database", { cause: refused }))).toMatchObject({
      message: "no database: AggregateError: connect ECONNREFUSED ::1:1",
    });
    expect(await askThrowing(fail(shopErrors, "QUEUE_STUCK", {}))).toMatchObject({ message: "The queue is stuck.", hint: "Kick it." });
  });
});
