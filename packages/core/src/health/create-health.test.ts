import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { CallOptions } from "../contract/call.js";
import type { ApplicationCheck, CheckResult, CheckStatus, ProcessCheck } from "../contract/check.js";
import { createHealth } from "./create-health.js";
import { defineCheck } from "./define-check.js";
import type { Health, HealthOptions } from "./health.js";
import type { HealthSnapshot } from "./snapshot.js";

const start = Date.parse("2026-03-01T00:00:00Z");
const never = (): Promise<never> => new Promise(() => undefined);

beforeEach(() => {
  vi.useFakeTimers({ now: start });
  vi.spyOn(Math, "random").mockReturnValue(0.5);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** A check that says what `says` holds, and when it was asked. */
function scripted(name: string, given: Partial<ApplicationCheck> = {}) {
  const script = { says: "up" as CheckStatus, askedAt: [] as number[] };
  const check = defineCheck({
    name,
    ...given,
    run: () => {
      script.askedAt.push((Date.now() - start) / 1_000);
      return { status: script.says };
    },
  });
  return Object.assign(script, { check });
}

async function running(options: HealthOptions): Promise<Health> {
  const health = createHealth(options).background();
  await vi.advanceTimersByTimeAsync(0);
  return health;
}

const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1_000);
const stateOf = (health: Health, name: string) => health.snapshot().checks.find((check) => check.name === name);

describe("before the first result", () => {
  test("nothing runs, nothing is up, and nobody is dead", () => {
    const database = scripted("database");
    const watchdog = scripted("watchdog");
    const liveness: ProcessCheck = { ...watchdog.check, kind: "process" };
    const snapshot = createHealth({ checks: [database.check], liveness: [liveness], release: "rel_1" }).snapshot();
    expect(snapshot).toMatchObject({ status: "unhealthy", ready: false, live: true, release: "rel_1", overdue: 0 });
    expect(snapshot.checks).toMatchObject([
      { name: "database", status: "down", known: false, reason: "unknown", latency: null, lastCheck: null },
      { name: "watchdog", status: "down", known: false },
    ]);
    expect([database.askedAt, watchdog.askedAt, vi.getTimerCount()]).toEqual([[], [], 0]);
  });

  test("what is unknown and not critical degrades", () => {
    const snapshot = createHealth({ checks: [scripted("search", { critical: false }).check] }).snapshot();
    expect(snapshot).toMatchObject({ status: "degraded", ready: true, checks: [{ status: "degraded", known: false }] });
  });

  test("without checks there is nothing to wait for", () => {
    expect(createHealth().snapshot()).toMatchObject({ status: "healthy", ready: true, live: true, checks: [] });
  });
});

describe("the whole", () => {
  const cases: readonly [CheckStatus, boolean, HealthSnapshot["status"], boolean][] = [
    ["up", true, "healthy", true],
    ["degraded", true, "degraded", true],
    ["down", true, "unhealthy", false],
    ["up", false, "healthy", true],
    ["degraded", false, "degraded", true],
    ["down", false, "degraded", true],
  ];
  test.each(cases)("one that is %s (critical: %s) makes it %s", async (says, critical, status, ready) => {
    const subject = scripted("subject", { critical });
    subject.says = says;
    const health = await running({ checks: [subject.check, scripted("other").check], failureThreshold: 1, startPeriod: "0s" });
    expect(health.snapshot()).toMatchObject({ status, ready, live: true, checks: [{ status: says, known: true }, { status: "up" }] });
  });

  test("a dead process is not live; a liveness check that is not critical does not kill", async () => {
    const stuck = { status: "down", reason: "event_loop_stuck" } as const;
    const isStuck = (critical: boolean) => [defineCheck({ name: "loop", kind: "process", critical, run: () => stuck })];
    const options = { failureThreshold: 1, startPeriod: "0s" } as const;
    expect((await running({ ...options, liveness: isStuck(true) })).snapshot()).toMatchObject({ live: false, ready: false });
    expect((await running({ ...options, liveness: isStuck(false) })).snapshot()).toMatchObject({ live: true, ready: true });
  });

  test("a process check that is no liveness check does not kill", async () => {
    const memory = defineCheck({ name: "memory", kind: "process", run: () => ({ status: "down" }) });
    const health = await running({ checks: [memory], failureThreshold: 1, startPeriod: "0s" });
    expect(health.snapshot()).toMatchObject({ live: true, ready: false });
  });
});

describe("changing its mind", () => {
  test("three failures in a row, two successes in a row", async () => {
    const database = scripted("database");
    const health = await running({ checks: [database.check] });
    const seen: string[] = [];
    health.onChange(({ status }, previous) => seen.push(`${previous.status} → ${status} at ${String((Date.now() - start) / 1_000)}`));
    database.says = "down";
    await seconds(11);
    expect(stateOf(health, "database")).toMatchObject({ status: "up", reason: null });
    await seconds(1);
    expect(stateOf(health, "database")).toMatchObject({ status: "down", known: true, reason: "check_failed" });
    database.says = "up";
    await seconds(10);
    expect(health.snapshot().status).toBe("unhealthy");
    await seconds(1);
    expect(health.snapshot().status).toBe("healthy");
    expect(seen).toEqual(["healthy → unhealthy at 12", "unhealthy → healthy at 23"]);
  });

  test("failures that a success parts never add up", async () => {
    let count = 0;
    const flapping = defineCheck({ name: "flapping", run: () => ({ status: (count += 1) % 3 === 0 ? "up" : "down" }) });
    const calm = scripted("calm");
    const health = await running({ checks: [flapping, calm.check] });
    await seconds(5);
    const changes = vi.fn();
    health.onChange(changes);
    await seconds(600);
    expect(count).toBeGreaterThan(150);
    expect(changes).not.toHaveBeenCalled();
    expect(health.snapshot().status).toBe("healthy");
  });

  test("while it starts, failing is unknown; afterwards it is down", async () => {
    const database = scripted("database");
    database.says = "down";
    const health = await running({ checks: [database.check] });
    await seconds(29);
    expect(stateOf(health, "database")).toMatchObject({ status: "down", known: false, reason: "check_failed" });
    await seconds(1);
    expect(stateOf(health, "database")).toMatchObject({ status: "down", known: true });
  });

  test("a liveness check that fails while it starts kills nobody", async () => {
    const liveness = [defineCheck({ name: "watchdog", kind: "process", run: () => ({ status: "down" }) })];
    const health = await running({ liveness, startPeriod: "1m" });
    await seconds(59);
    expect(health.snapshot().live).toBe(true);
    await seconds(1);
    expect(health.snapshot().live).toBe(false);
  });
});

describe("the schedule", () => {
  test("at once, every ten seconds, each second while in doubt, ever more seldom while down", async () => {
    const database = scripted("database");
    await running({ checks: [database.check] });
    await seconds(20);
    expect(database.askedAt).toEqual([0, 10, 20]);
    database.says = "down";
    await seconds(100);
    expect(database.askedAt.slice(3)).toEqual([30, 31, 32, 42, 54.5, 69.5, 87, 107]);
    database.says = "up";
    await seconds(30);
    expect(database.askedAt.slice(11)).toEqual([127, 128, 138, 148]);
  });

  test("is moved at random by at most a tenth", async () => {
    vi.mocked(Math.random).mockRestore();
    const checks = Array.from({ length: 50 }, (_, index) => scripted(`check-${String(index)}`));
    await running({ checks: checks.map(({ check }) => check) });
    await seconds(600);
    const delays = checks.flatMap(({ askedAt }) => askedAt.slice(1).map((at, index) => at - (askedAt[index] ?? 0)));
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(8.999);
    expect(Math.max(...delays)).toBeLessThanOrEqual(11.001);
    expect(new Set(delays.map((delay) => Math.round(delay * 5))).size).toBe(11);
  });

  test("a check has its own interval", async () => {
    const quick = scripted("quick", { interval: "300ms" });
    await running({ checks: [quick.check] });
    await seconds(0.9);
    quick.says = "down";
    await seconds(0.6);
    expect(quick.askedAt).toEqual([0, 0.3, 0.6, 0.9, 1.2, 1.5]);
  });

  test("begins once, ends without a timer left, and begins again", async () => {
    const database = scripted("database");
    const health = await running({ checks: [database.check] });
    expect(health.background()).toBe(health);
    await seconds(10);
    expect(database.askedAt).toEqual([0, 10]);
    await health.stop();
    await health.stop();
    expect(vi.getTimerCount()).toBe(0);
    await seconds(60);
    expect(database.askedAt).toEqual([0, 10]);
    health.background();
    await seconds(0);
    expect(database.askedAt).toEqual([0, 10, 70]);
    await health[Symbol.asyncDispose]();
    expect(vi.getTimerCount()).toBe(0);
  });

  test("what is stopped in the middle of a run aborts it and learns nothing from it", async () => {
    const signals: AbortSignal[] = [];
    const run = ({ signal }: CallOptions) => (signals.push(signal), never());
    const health = await running({ checks: [defineCheck({ name: "slow", run })] });
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    await health.stop();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    expect(stateOf(health, "slow")).toMatchObject({ reason: "unknown", lastCheck: null });
  });
});

describe("one run at a time", () => {
  function counting(name: string, answer: () => Promise<CheckResult>, given: Partial<ApplicationCheck> = {}) {
    const count = { started: 0, atOnce: 0, most: 0 };
    const run = async (): Promise<CheckResult> => {
      count.started += 1;
      count.atOnce += 1;
      count.most = Math.max(count.most, count.atOnce);
      return answer().finally(() => (count.atOnce -= 1));
    };
    return Object.assign(count, { check: defineCheck({ name, ...given, run }) });
  }

  test("a check that takes longer than its interval", async () => {
    const slow = counting("slow", () => new Promise((resolve) => setTimeout(resolve, 1_500, { status: "up" })), {
      interval: "1s",
      timeout: "2s",
    });
    const health = await running({ checks: [slow.check] });
    await seconds(99);
    expect(slow.most).toBe(1);
    expect(slow.started).toBe(40);
    expect(stateOf(health, "slow")).toMatchObject({ status: "up", latency: 1_500, overdue: false });
  });

  test("a check that never answers is down, keeps its place for ever and is asked no more", async () => {
    const hanging = counting("hanging", never);
    const other = scripted("other");
    const health = await running({ checks: [hanging.check, other.check] });
    await seconds(2);
    expect(stateOf(health, "hanging")).toMatchObject({ known: false, reason: "timeout", latency: 2_000, overdue: true });
    expect(stateOf(health, "other")).toMatchObject({ status: "up" });
    await seconds(3_600);
    expect(stateOf(health, "hanging")).toMatchObject({ status: "down", known: true, reason: "timeout", overdue: true });
    expect(health.snapshot().overdue).toBe(1);
    expect([hanging.started, hanging.most]).toEqual([1, 1]);
    expect(other.askedAt.length).toBe(361);
  });

  test("an answer that comes too late counts for nothing but frees the place", async () => {
    let answerLate: (result: CheckResult) => void = () => undefined;
    const first = new Promise<CheckResult>((resolve) => (answerLate = resolve));
    const late = counting("late", () => (late.started === 1 ? first : Promise.resolve({ status: "degraded" })));
    const health = await running({ checks: [late.check], startPeriod: "0s" });
    await seconds(9);
    expect(stateOf(health, "late")).toMatchObject({ status: "down", known: true, overdue: true });
    answerLate({ status: "up" });
    await seconds(1);
    expect(stateOf(health, "late")).toMatchObject({ status: "down" });
    expect(late.started).toBe(1);
    await seconds(14);
    expect(stateOf(health, "late")).toMatchObject({ status: "degraded", overdue: false });
    expect([late.started, late.most]).toEqual([3, 1]);
  });

  test("a check that throws harms nothing but itself", async () => {
    const broken = defineCheck({
      name: "broken",
      critical: false,
      run: () => {
        throw new Error("postgres://app:hunter2@db/shop");
      },
    });
    const health = await running({ checks: [broken, scripted("other").check], failureThreshold: 1, startPeriod: "0s" });
    expect(health.snapshot()).toMatchObject({
      status: "degraded",
      checks: [{ status: "down", reason: "check_failed", message: "postgres://app:hunter2@db/shop" }, { status: "up" }],
    });
  });

  test("a check may be an object with methods", async () => {
    const pool = defineCheck({ name: "pool", run: () => ({ status: "up", data: { size: 3 } }) });
    class Pool implements ApplicationCheck {
      readonly scope = "application";
      readonly name = "class-pool";
      readonly #size = 4;
      run(): CheckResult {
        return { status: "up", data: { size: this.#size } };
      }
    }
    const health = await running({ checks: [pool, new Pool()] });
    expect(health.snapshot().checks.map(({ data }) => data)).toEqual([{ size: 3 }, { size: 4 }]);
  });
});

describe("old results", () => {
  test("say nothing any more, and those who listen are told", async () => {
    const database = scripted("database");
    const health = await running({ checks: [database.check] });
    const fresh = health.snapshot();
    await health.stop();
    const seen = vi.fn();
    health.onChange(seen);
    await seconds(31.9);
    expect(health.snapshot()).toBe(fresh);
    await seconds(0.1);
    const stale = health.snapshot();
    expect(stale).toMatchObject({ status: "unhealthy", ready: false, live: true, version: fresh.version + 1 });
    expect(stale.checks).toMatchObject([{ status: "down", known: false, reason: "stale", lastCheck: "2026-03-01T00:00:00.000Z" }]);
    expect(health.snapshot()).toBe(stale);
    expect(seen.mock.calls).toEqual([[stale, fresh]]);
  });

  test("are not believed again because one failure alone would not have changed them", async () => {
    const database = scripted("database");
    const health = await running({ checks: [database.check] });
    await health.stop();
    vi.setSystemTime(start + 3_600_000);
    database.says = "down";
    health.background();
    await seconds(0);
    expect(stateOf(health, "database")).toMatchObject({ status: "down", known: false, reason: "check_failed" });
  });

  test("even the slowest pace keeps results fresh", async () => {
    vi.mocked(Math.random).mockReturnValue(1);
    const database = scripted("database", { critical: false });
    database.says = "down";
    const health = await running({ checks: [database.check] });
    await seconds(300);
    const reasons = new Set<string | null>();
    for (let passed = 0; passed < 300; passed += 1) {
      await seconds(1);
      reasons.add(health.snapshot().checks[0]?.reason ?? null);
    }
    expect([...reasons]).toEqual(["check_failed"]);
  });
});

describe("snapshots", () => {
  test("are frozen with all that is in them, and stay as they were", async () => {
    const run = () => ({ status: "up", data: { pools: [{ size: 1 }] } }) as const;
    const health = await running({ checks: [defineCheck({ name: "pool", run })] });
    const snapshot = health.snapshot();
    const values: unknown[] = [snapshot];
    for (const value of values) {
      if (typeof value !== "object" || value === null) continue;
      expect(Object.isFrozen(value)).toBe(true);
      values.push(...(Object.values(value) as unknown[]));
    }
    const text = JSON.stringify(snapshot);
    await seconds(10);
    expect(JSON.stringify(snapshot)).toBe(text);
    expect(health.snapshot().version).toBe(snapshot.version + 1);
  });

  test("the same object until something changes", async () => {
    const health = await running({ checks: [scripted("database").check] });
    const snapshot = health.snapshot();
    await seconds(9);
    expect(health.snapshot()).toBe(snapshot);
    await seconds(1);
    expect(health.snapshot()).not.toBe(snapshot);
    expect(health.snapshot().timestamp).toBe("2026-03-01T00:00:10.000Z");
  });
});

describe("listeners", () => {
  test("one that throws or rejects disturbs nobody and is reported", async () => {
    const database = scripted("database");
    const error = vi.fn();
    const silent = () => undefined;
    const health = createHealth({ checks: [database.check], log: { info: silent, warn: silent, error } });
    const heard = vi.fn();
    health.onChange(() => {
      throw new Error("broken");
    });
    health.onChange(() => Promise.reject(new Error("broken later")));
    const off = health.onChange(heard);
    health.background();
    await seconds(0);
    expect(heard).toHaveBeenCalledOnce();
    expect(error.mock.calls).toEqual(["broken", "broken later"].map((message) => ["a listener of health failed", { message }]));
    off();
    database.says = "down";
    await seconds(12);
    expect(health.snapshot().status).toBe("unhealthy");
    expect(heard).toHaveBeenCalledOnce();
  });
});

describe("registering", () => {
  test("later: unknown until its first answer, which comes at once", async () => {
    const health = await running({ checks: [scripted("database").check] });
    expect(health.snapshot().ready).toBe(true);
    const queue = scripted("queue");
    health.add(queue.check);
    expect(health.snapshot()).toMatchObject({ ready: false, checks: [{}, { name: "queue", known: false }] });
    await seconds(0);
    expect(health.snapshot()).toMatchObject({ ready: true });
    await seconds(10);
    expect(queue.askedAt).toEqual([0, 10]);
    await health.stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  test("later, for liveness", async () => {
    const health = await running({ startPeriod: "0s", failureThreshold: 1 });
    health.addLiveness(defineCheck({ name: "watchdog", kind: "process", run: () => ({ status: "down" }) }));
    expect(health.snapshot().live).toBe(true);
    await seconds(0);
    expect(health.snapshot().live).toBe(false);
  });

  const database = { scope: "application", name: "database", run: (): CheckResult => ({ status: "up" }) } as const;
  test("a name is taken once", () => {
    const taken = expect.objectContaining({ code: "CHECK_NAME_TAKEN", data: { check: "database" } });
    expect(() => createHealth({ checks: [database, { ...database }] })).toThrow(taken);
    expect(() => createHealth({ checks: [database], liveness: [{ ...database, kind: "process" }] })).toThrow(taken);
    const health = createHealth({ checks: [database] });
    expect(() => health.add(database)).toThrow(taken);
    expect(health.snapshot().checks).toHaveLength(1);
  });

  test("liveness refuses a check about a dependency, also where no compiler looks", () => {
    const refused = expect.objectContaining({ code: "CHECK_NOT_LOCAL", hint: expect.stringContaining('kind: "process"') });
    for (const kind of [undefined, "dependency"]) {
      const unchecked = { ...database, kind } as unknown as ProcessCheck;
      expect(() => createHealth({ liveness: [unchecked] })).toThrow(refused);
      const health = createHealth();
      expect(() => health.addLiveness(unchecked)).toThrow(refused);
      expect(health.snapshot().checks).toEqual([]);
    }
  });

  test.each<[string, object]>([
    ["a name that is none", { name: undefined }],
    ["a name that is not kebab-case", { name: "My Database" }],
    ["a name that objects have already", { name: "__proto__" }],
    ["another scope", { scope: "provider" }],
    ["nothing to run", { run: "select 1" }],
    ["an interval without a unit", { interval: "10" }],
    ["no interval", { interval: "0s" }],
    ["no time to answer", { timeout: "0ms" }],
  ])("refuses %s", (_, mistake) => {
    const invalid = expect.objectContaining({ code: "CHECK_INVALID" });
    const check = { ...database, ...mistake } as unknown as ApplicationCheck;
    expect(() => createHealth({ checks: [check] })).toThrow(invalid);
  });

  test.each<[string, object]>([
    ["failureThreshold", { failureThreshold: 0 }],
    ["successThreshold", { successThreshold: 1.5 }],
    ["startPeriod", { startPeriod: "soon" }],
  ])("refuses the option %s", (option, options) => {
    expect(() => createHealth(options)).toThrow(
      expect.objectContaining({ code: "HEALTH_OPTION_INVALID", data: expect.objectContaining({ option }) }),
    );
  });
});
