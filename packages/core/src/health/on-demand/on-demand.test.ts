import { createTestClock, type TestClock } from "@fairlead/testing";
import { describe, expect, test, vi } from "vitest";
import type { CheckResult } from "../../contract/check.js";
import type { JsonObject } from "../../json/json.js";
import { createHealth } from "../create-health.js";
import { defineCheck } from "../define-check.js";
import type { HealthMemory, RememberedChecks } from "./memory.js";
import type { OnDemandOptions } from "./options.js";

const never = (): Promise<never> => new Promise(() => undefined);

/** A dependency that everybody asks, and how often. */
function dependency(name: string, clock: TestClock) {
  const state = { runs: 0, atOnce: 0, most: 0, takes: 10, says: "up" as CheckResult["status"] };
  const run = async (): Promise<CheckResult> => {
    state.runs += 1;
    state.atOnce += 1;
    state.most = Math.max(state.most, state.atOnce);
    if (state.takes === Infinity) await never();
    await clock.sleep(state.takes);
    state.atOnce -= 1;
    return { status: state.says, reason: "refused", message: "postgres://canary@db", data: { canary: true } };
  };
  return Object.assign(state, { check: () => defineCheck({ name, run }) });
}

function instance(clock: TestClock, checks: readonly ReturnType<typeof dependency>[], options: OnDemandOptions = {}) {
  return createHealth({ clock, checks: checks.map((each) => each.check()) }).onDemand({ maxAge: "10s", budget: "50ms", ...options });
}

/** Makes a request, lets its time pass, and answers how long it took and what it said. */
async function request(clock: TestClock, health: ReturnType<typeof instance>) {
  const begun = clock.now();
  let ended = -1;
  void (health.refresh() ?? Promise.resolve()).then(() => (ended = clock.now()));
  for (let step = 0; step < 200 && ended < 0; step += 1) await clock.advance("1ms");
  return { took: ended - begun, snapshot: health.snapshot() };
}

/** What all instances share, with claims on the same clock. */
function sharedMemory(clock: TestClock) {
  let kept: RememberedChecks = {};
  let claim: { readonly until: number; readonly token: number } | undefined;
  let token = 0;
  const memory: HealthMemory = {
    load: () => Promise.resolve(kept),
    claim(ttl) {
      if (claim !== undefined && clock.now() < claim.until) return Promise.resolve(undefined);
      const mine = (claim = { until: clock.now() + ttl, token: (token += 1) });
      return Promise.resolve({
        save(checks) {
          if (claim !== mine) return Promise.reject(new Error("the claim has passed on"));
          kept = JSON.parse(JSON.stringify(checks)) as RememberedChecks;
          return Promise.resolve();
        },
        release() {
          if (claim === mine) claim = undefined;
          return Promise.resolve();
        },
      });
    },
  };
  return { memory, kept: () => kept, replace: (checks: RememberedChecks) => (kept = checks) };
}

describe("one instance", () => {
  test("asks when somebody asks, once for all of them, and not again before maxAge", async () => {
    const clock = createTestClock();
    const database = dependency("database", clock);
    const health = instance(clock, [database]);
    await clock.advance("1h");
    expect(database.runs).toBe(0);
    const requests = Array.from({ length: 1_000 }, async () => health.refresh());
    await clock.advance("10ms");
    await Promise.all(requests);
    expect(health.snapshot().status).toBe("healthy");
    expect(database.runs).toBe(1);
    await clock.advance("9s");
    expect(health.refresh()).toBeUndefined();
    await clock.advance("1s");
    expect(await request(clock, health)).toMatchObject({ took: 10, snapshot: { status: "healthy" } });
    expect(database.runs).toBe(2);
  });

  test("waits for the budget and no longer; what hangs is never green, and what answers is known", async () => {
    const clock = createTestClock();
    const [database, search] = [dependency("database", clock), dependency("search", clock)];
    search.takes = Infinity;
    const health = instance(clock, [database, search]);
    for (let asked = 0; asked < 20; asked += 1) {
      const { took, snapshot } = await request(clock, health);
      expect(took).toBeLessThanOrEqual(50);
      expect(snapshot).toMatchObject({
        status: "unhealthy",
        checks: [
          { name: "database", status: "up" },
          { status: "down", known: false },
        ],
      });
    }
    expect([search.runs, search.most]).toEqual([1, 1]);
    await clock.advance("10m");
    expect((await request(clock, health)).snapshot).toMatchObject({ status: "unhealthy", overdue: 1 });
    expect(search.runs).toBe(1);
  });

  test("does not wait for what is known to hang, and is not kept from waiting for the rest", async () => {
    const clock = createTestClock();
    const [database, search] = [dependency("database", clock), dependency("search", clock)];
    search.takes = Infinity;
    const health = instance(clock, [database, search]);
    expect((await request(clock, health)).took).toBe(50);
    await clock.advance("2s");
    for (let round = 0; round < 3; round += 1) {
      await clock.advance("10s");
      const { took, snapshot } = await request(clock, health);
      expect(took).toBe(10);
      expect(snapshot.checks).toMatchObject([{ status: "up" }, { status: "down" }]);
      expect((await request(clock, health)).took).toBe(0);
    }
  });

  test("who joins those who wait is answered with the first of them, and nobody waits who comes right after that", async () => {
    const clock = createTestClock();
    const hanging = dependency("hanging", clock);
    hanging.takes = Infinity;
    const health = instance(clock, [hanging]);
    const answered = vi.fn<(who: string) => void>();
    void health.refresh()?.then(() => answered("first"));
    await clock.advance("30ms");
    void health.refresh()?.then(() => answered("second"));
    await clock.advance("19ms");
    expect(answered).not.toHaveBeenCalled();
    await clock.advance("1ms");
    expect(answered.mock.calls).toEqual([["first"], ["second"]]);
    for (let more = 0; more < 4; more += 1) {
      await clock.advance("60ms");
      expect(health.refresh()).toBeUndefined();
    }
    await clock.advance("100ms");
    expect((await request(clock, health)).took).toBe(50);
    expect(hanging.runs).toBe(1);
  });

  test("what a check takes of the processor before it waits counts as well", async () => {
    const clock = createTestClock();
    let worked = 0;
    const busy = { ...clock, now: () => clock.now() + worked };
    const run = (): Promise<never> => {
      worked = 40;
      return never();
    };
    const health = createHealth({ clock: busy, checks: [defineCheck({ name: "database", run })] }).onDemand({ budget: "50ms" });
    const answered = vi.fn<() => void>();
    void health.refresh()?.then(answered);
    await clock.advance("9ms");
    expect(answered).not.toHaveBeenCalled();
    await clock.advance("1ms");
    expect(answered).toHaveBeenCalledOnce();
  });

  test("what was green is not, when the process was stopped for long and the dependency hangs", async () => {
    const clock = createTestClock();
    const database = dependency("database", clock);
    const health = instance(clock, [database]);
    expect((await request(clock, health)).snapshot.status).toBe("healthy");
    database.takes = Infinity;
    await clock.advance("1h");
    const { took, snapshot } = await request(clock, health);
    expect(took).toBe(50);
    expect(snapshot).toMatchObject({ status: "unhealthy", checks: [{ known: false, reason: "stale" }] });
  });

  test("a run that was under way when the process was stopped says nothing", async () => {
    const clock = createTestClock();
    let now = 0;
    const stopped = { ...clock, now: () => clock.now() + now };
    const database = dependency("database", clock);
    database.takes = 100;
    const health = createHealth({ clock: stopped, checks: [database.check()] }).onDemand({ budget: "50ms" });
    void health.refresh();
    await clock.advance("50ms");
    now = 3_600_000;
    await clock.advance("100ms");
    expect(health.snapshot().checks).toMatchObject([{ known: false, lastCheck: null }]);
    database.takes = 10;
    void health.refresh();
    await clock.advance("10ms");
    expect(health.snapshot()).toMatchObject({ status: "healthy" });
  });

  test("hands on what goes on after the answer: to the request's, else to its own", async () => {
    const clock = createTestClock();
    const database = dependency("database", clock);
    database.takes = 500;
    const [own, of] = [vi.fn<(work: Promise<unknown>) => void>(), vi.fn<(work: Promise<unknown>) => void>()];
    const health = instance(clock, [database], { waitUntil: own });
    void health.refresh();
    void health.refresh(of);
    expect([own.mock.calls.length, of.mock.calls.length]).toEqual([1, 1]);
    await clock.advance("500ms");
    await of.mock.calls[0]?.[0];
    expect(health.snapshot().status).toBe("healthy");
  });

  test("a host that does not take what goes on costs no answer, and is told of", async () => {
    const clock = createTestClock();
    const database = dependency("database", clock);
    const warn = vi.fn();
    const log = { info: () => undefined, warn, error: () => undefined };
    const waitUntil = () => {
      throw new Error("there is no request any more");
    };
    const checks = [database.check()];
    const health = createHealth({ clock, log, checks }).onDemand({ maxAge: "10s", budget: "50ms", waitUntil });
    const { snapshot } = await request(clock, health);
    expect(snapshot.status).toBe("healthy");
    expect(warn).toHaveBeenCalledWith(expect.stringContaining("waitUntil"), { message: "there is no request any more" });
  });

  test("a tick waits for all", async () => {
    const clock = createTestClock();
    const database = dependency("database", clock);
    database.takes = 1_500;
    const health = instance(clock, [database]);
    const tick = health.tick();
    await clock.advance("1500ms");
    expect((await tick).status).toBe("healthy");
    expect((await health.tick()).status).toBe("healthy");
    expect(database.runs).toBe(1);
  });

  test("ends with stop, and the other mode may begin", async () => {
    const clock = createTestClock();
    const hanging = dependency("hanging", clock);
    hanging.takes = Infinity;
    const health = instance(clock, [hanging]);
    const pending = health.refresh();
    await clock.advance("1ms");
    await health.stop();
    await pending;
    expect(health.refresh()).toBeUndefined();
    expect(health.background()).toBe(health);
    expect(() => health.onDemand()).toThrow(expect.objectContaining({ code: "HEALTH_MODE_TAKEN" }));
    expect(health.refresh()).toBeUndefined();
    await health.stop();
  });

  test("is chosen once, with times", () => {
    const taken = expect.objectContaining({ code: "HEALTH_MODE_TAKEN" });
    const health = createHealth().onDemand();
    expect(() => health.onDemand()).toThrow(taken);
    expect(() => health.background()).toThrow(taken);
    for (const mistake of [{ maxAge: "soon" }, { maxAge: "0s" }, { budget: "5" }]) {
      expect(() => createHealth().onDemand(mistake as OnDemandOptions)).toThrow(expect.objectContaining({ code: "HEALTH_OPTION_INVALID" }));
    }
  });
});

describe("several instances", () => {
  test("ask once for all of them, and a new one knows what the others do", async () => {
    const clock = createTestClock();
    const database = dependency("database", clock);
    const { memory } = sharedMemory(clock);
    const all = Array.from({ length: 3 }, () => instance(clock, [database], { memory }));
    for (let round = 1; round <= 5; round += 1) {
      const requests = all.map(async (health) => health.refresh());
      await clock.advance("50ms");
      await Promise.all(requests);
      expect(all.map((health) => health.snapshot().status)).toEqual(["healthy", "healthy", "healthy"]);
      expect(database.runs).toBe(round);
      await clock.advance("10s");
    }
    const late = instance(clock, [database], { memory });
    void all[0]?.refresh();
    await clock.advance("20ms");
    expect((await request(clock, late)).snapshot.status).toBe("healthy");
    expect(database.runs).toBe(6);
  });

  test("ask neither memory nor check before somebody asks them, and know then what the others do", async () => {
    const clock = createTestClock();
    const database = dependency("database", clock);
    const { memory } = sharedMemory(clock);
    await request(clock, instance(clock, [database], { memory }));
    await clock.advance("50ms");
    const load = vi.fn(memory.load);
    const other = instance(clock, [database], { memory: { ...memory, load } });
    await clock.advance("1s");
    expect(load).not.toHaveBeenCalled();
    expect((await request(clock, other)).snapshot.status).toBe("healthy");
    expect(database.runs).toBe(1);
  });

  test("a memory that cannot be read once is asked again", async () => {
    const clock = createTestClock();
    const database = dependency("database", clock);
    const { memory } = sharedMemory(clock);
    const load = vi.fn(memory.load).mockRejectedValueOnce(new Error("there is no secret yet"));
    const health = instance(clock, [database], { memory: { ...memory, load } });
    expect((await request(clock, health)).snapshot.status).toBe("healthy");
    expect(database.runs).toBe(1);
  });

  test("count failures together", async () => {
    const clock = createTestClock();
    const database = dependency("database", clock);
    const { memory } = sharedMemory(clock);
    const all = Array.from({ length: 3 }, () => instance(clock, [database], { memory }));
    await request(clock, all[0] ?? instance(clock, []));
    database.says = "down";
    const seen: string[] = [];
    for (const health of all) {
      await clock.advance("10s");
      seen.push((await request(clock, health)).snapshot.status);
    }
    expect(seen).toEqual(["healthy", "healthy", "unhealthy"]);
    expect(database.runs).toBe(4);
  });

  test("what hangs for the one does not keep what is known from the others", async () => {
    const clock = createTestClock();
    const [database, search] = [dependency("database", clock), dependency("search", clock)];
    search.takes = Infinity;
    const { memory } = sharedMemory(clock);
    const [first, second] = [instance(clock, [database, search], { memory }), instance(clock, [database, search], { memory })];
    void first.refresh();
    await clock.advance("30ms");
    expect((await request(clock, second)).snapshot.checks).toMatchObject([{ status: "up" }, { status: "down", known: false }]);
    await clock.advance("9s");
    expect([database.runs, search.runs]).toEqual([1, 1]);
  });

  test("do not run for a claim that was over before they came to it, because their process was stopped", async () => {
    const clock = createTestClock();
    const database = dependency("database", clock);
    const { memory } = sharedMemory(clock);
    let skipped = 0;
    let claims = 0;
    const claim: HealthMemory["claim"] = async (ttl) => {
      claims += 1;
      if (claims === 1) skipped = 60_000;
      return claims === 2 ? undefined : { save: () => Promise.resolve(), release: () => Promise.resolve(), ttl };
    };
    const health = createHealth({
      clock: { ...clock, now: () => clock.now() + skipped },
      checks: [database.check()],
    }).onDemand({ memory: { ...memory, claim } });
    const ticked = health.tick();
    await clock.advance("50ms");
    expect([claims, database.runs]).toEqual([2, 0]);
    await clock.advance("50ms");
    expect((await ticked).status).toBe("healthy");
    expect([claims, database.runs]).toEqual([3, 1]);
  });

  test("do not ask for themselves because their process was stopped while they waited for the memory", async () => {
    const clock = createTestClock();
    const database = dependency("database", clock);
    const { memory } = sharedMemory(clock);
    let skipped = 0;
    let loads = 0;
    const load: HealthMemory["load"] = () => ((loads += 1) === 1 ? never() : memory.load());
    const claim: HealthMemory["claim"] = () => Promise.resolve(undefined);
    const stopped = { ...clock, now: () => clock.now() + skipped };
    const health = createHealth({ clock: stopped, checks: [database.check()] }).onDemand({ memory: { load, claim } });
    const ticked = health.tick();
    await clock.advance("500ms");
    skipped = 60_000;
    await clock.advance("1s");
    expect(loads).toBeGreaterThan(1);
    expect(database.runs).toBe(0);
    await health.stop();
    await ticked;
  });

  test("share no word that only some may read", async () => {
    const clock = createTestClock();
    const database = dependency("database", clock);
    database.says = "down";
    const { memory, kept } = sharedMemory(clock);
    await request(clock, instance(clock, [database], { memory }));
    await clock.advance("1s");
    expect(Object.keys(kept())).toEqual(["database"]);
    expect(JSON.stringify(kept())).toContain("refused");
    expect(JSON.stringify(kept())).not.toContain("canary");
  });

  test.each<[string, JsonObject | string]>([
    ["nothing", {}],
    ["something else", { judgement: "up", at: 1 }],
    [
      "a record without a run",
      {
        judgement: { status: "up", down: { bad: false, against: 0 }, impaired: { bad: false, against: 0 }, failures: 0 },
        at: 5,
        last: null,
      },
    ],
    ["a word", "up"],
  ])("do not believe a memory that says %s", async (_, record) => {
    const clock = createTestClock();
    const database = dependency("database", clock);
    const { memory, replace } = sharedMemory(clock);
    replace({ database: record as JsonObject });
    const health = instance(clock, [database], { memory });
    expect((await request(clock, health)).snapshot.status).toBe("healthy");
    expect(database.runs).toBe(1);
  });

  test("each asks for itself while the memory fails, hangs or takes the claim away", async () => {
    const broken: readonly HealthMemory[] = [
      { load: () => Promise.reject(new Error("gone")), claim: never },
      { load: never, claim: never },
      { load: () => Promise.resolve({}), claim: never },
      {
        load: () => Promise.resolve({}),
        claim: () => Promise.resolve({ save: () => Promise.reject(new Error("LEASE_LOST")), release: () => Promise.resolve() }),
      },
    ];
    for (const memory of broken) {
      const clock = createTestClock();
      const database = dependency("database", clock);
      const health = instance(clock, [database], { memory });
      expect((await request(clock, health)).took).toBeLessThanOrEqual(50);
      await clock.advance("3s");
      expect(health.snapshot().status).toBe("healthy");
      expect(database.runs).toBe(1);
    }
  });
});
