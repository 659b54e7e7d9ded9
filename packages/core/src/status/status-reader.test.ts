import { createTestClock } from "@fairlead/testing";
import { expect, test } from "vitest";
import type { HealthSnapshot } from "../health/index.js";
import { memoryStore } from "../store/memory-store.js";
import { createStatus } from "./create-status.js";
import { beat, readHeartbeats } from "./heartbeat.js";

const place = { application: "shop", environment: "production" };
const healthOf = (status: () => "up" | "down") => ({
  snapshot: () => ({ checks: [{ name: "web", status: status(), known: true, critical: true, latency: 20 }] }) as unknown as HealthSnapshot,
});

test("the end of yesterday, which is written today, is read too", async () => {
  const clock = createTestClock({ start: "2026-03-01T23:59:30Z" });
  const store = memoryStore({ clock });
  let says: "up" | "down" = "up";
  const common = { ...place, store, clock, page: { url: "https://status.shop.example" }, components: [{ name: "web" }] };
  const leader = createStatus({ ...common, health: healthOf(() => says) });
  const reader = createStatus(common);
  await leader.tick();
  await clock.advance("10s");
  says = "down";
  await leader.tick();
  await clock.advance("15s");
  await leader.tick();
  await clock.advance("10s");
  // Between midnight and the first look of the new day.
  await reader.refresh();
  await leader.tick();
  await reader.refresh();
  const fresh = createStatus(common);
  await fresh.refresh();
  expect(fresh.snapshot().components[0]?.days.at(-2)).toBe("major_outage");
  expect(reader.snapshot().components).toEqual(fresh.snapshot().components);
});

test("the hearts of more than a thousand processes are all heard", async () => {
  const clock = createTestClock();
  const store = memoryStore({ clock });
  const count = 1_205;
  for (let index = 0; index < count; index += 1) {
    const snapshot = healthOf(() => (index % 2 === 0 ? "up" : "down")).snapshot();
    await beat(store, place, { instance: `shop-${index}`, begun: false }, { snapshot, now: clock.now() });
  }
  const beats = await readHeartbeats(store, place);
  expect(new Set(beats.map(({ instance }) => instance)).size).toBe(count);
  expect(beats.filter(({ checks }) => checks["web"]?.status === "down")).toHaveLength(602);
});
