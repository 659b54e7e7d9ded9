import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { image, memoryStore, systemClock, type Clock, type Store } from "../../src/index.js";
import { functionMetrics } from "../../src/metrics.js";
import { createTestClock, pass } from "../cli/test-clock.js";
import { createScene, targetInMemory } from "./scene.js";

const hour = 3_600_000;

/** The clock of a process that somebody sets: what it says jumps, what it waits for does not. */
function settableClock(): Clock & { ahead: number } {
  const clock = { ahead: 0, now: () => Date.now() + clock.ahead, sleep: systemClock.sleep };
  return clock;
}

test.each([
  ["forward", [3 * hour, 0]],
  ["back", [-3 * hour, 0]],
  ["both ways, again and again", [24 * hour, -24 * hour, 5 * hour, -hour, 0]],
])("a clock of a process that jumps %s gives its deployment no second holder, and nothing happens twice", async (_, jumps) => {
  const inner = memoryStore();
  // Both close it; it is one.
  const store: Store = { ...inner, close: () => Promise.resolve() };
  const clock = settableClock();
  const effects: string[] = [];
  const target = targetInMemory(effects);
  const slow = {
    ...target,
    prepare: async (...given: Parameters<typeof target.prepare>) => {
      await sleep(150);
      return target.prepare(...given);
    },
  };
  const environment = { verify: { within: "30s" } } as const;
  const scene = createScene({ store, clock, target: () => slow, environment });
  const other = createScene({ store, target: () => slow, environment });
  const stop = new AbortController();
  const working = other.deployer.work({ signal: stop.signal });
  const deployment = await scene.deployer.deploy({ environment: "development", source: await scene.source("one") });
  for (const ahead of jumps) {
    clock.ahead = ahead;
    await sleep(60);
  }
  expect(await deployment.result()).toMatchObject({ phase: "succeeded" });
  stop.abort();
  await working;
  expect(effects).toEqual(["prepare c1", "promote c1"]);
  const events = await store.read(`deployment/shop/${deployment.id}`);
  expect(events.filter(({ type }) => type === "deployment.started")).toHaveLength(1);
  expect(new Set(events.flatMap(({ data }) => (typeof data["fence"] === "number" ? [data["fence"]] : []))).size).toBe(1);
  await Promise.all([scene.deployer.close(), other.deployer.close()]);
});

test("where the store's clock is an hour ahead, what waits is looked at now and then, not without end", async () => {
  const clock = createTestClock();
  const ahead: Clock = { now: () => clock.now() + hour, sleep: clock.sleep };
  const store: Store = { ...memoryStore({ clock: ahead }), close: () => Promise.resolve() };
  const { deployer } = createScene({
    store,
    clock,
    plugins: [functionMetrics({ read: ({ query, at }) => (query === "requests" ? at / 100 : 0) })],
    environment: {
      verify: { within: "5s" },
      bake: "1s",
      analysis: {
        metrics: { errors: { queries: { requests: "requests", events: "events" }, against: { limit: 0.01 } } },
        for: "3h",
        every: "30m",
      },
    },
  });
  const deployment = await deployer.deploy({ environment: "development", source: image(`shop@sha256:${"1".repeat(64)}`) });
  await clock.advance(25 * 60_000);
  expect(await deployment.state()).toMatchObject({ phase: "running", steps: { analysis: { forward: { status: "deferred" } } } });
  // Twice a minute at most in the end, and each time it is taken up and left again.
  expect((await store.read(`deployment/shop/${deployment.id}`)).length).toBeLessThan(150);
  expect(await pass(clock, deployment.result())).toMatchObject({ phase: "succeeded" });
  await pass(clock, deployer.close());
});
