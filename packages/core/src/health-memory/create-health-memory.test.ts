import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { createHealth, defineCheck, type HealthMemory } from "../health/index.js";
import { memoryStore, sqliteStore } from "../store/index.js";
import type { Store } from "../contract/store.js";
import { verifyEvents, emptyHead } from "../journal/index.js";
import { createHealthMemory } from "./create-health-memory.js";

const folder = mkdtempSync(join(tmpdir(), "health-memory-"));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;

const place = { application: "shop", environment: "production" };
const record = { judgement: {}, at: 1 };

async function claimed(memory: HealthMemory) {
  const claim = await memory.claim(60_000);
  expect(claim).toBeDefined();
  return claim!;
}

describe.each<[string, () => Store]>([
  ["memory", () => memoryStore()],
  ["SQLite", () => sqliteStore({ path: join(folder, `${String((count += 1))}.db`) })],
])("in %s", (_, open) => {
  test("what one saves the others load, and it does not grow", async () => {
    await using opened = disposable(open());
    const [one, other] = [createHealthMemory(opened.store, place), createHealthMemory(opened.store, place)];
    expect(await one.load()).toEqual({});
    const claim = await claimed(one);
    for (let at = 1; at <= 5; at += 1) await claim.save({ database: { ...record, at } });
    expect(await other.load()).toEqual({ database: { ...record, at: 5 } });
    const name = "health/shop/production";
    const events = await opened.store.read(name);
    expect(events).toHaveLength(1);
    expect(verifyEvents(name, emptyHead, events).version).toBe(1);
  });

  test("one at a time has the claim, and whose claim has passed on saves nothing", async () => {
    await using opened = disposable(open());
    const [one, other] = [createHealthMemory(opened.store, place), createHealthMemory(opened.store, place)];
    const claim = await claimed(one);
    expect(await other.claim(60_000)).toBeUndefined();
    await claim.release();
    await (await claimed(other)).save({ database: record });
    await expect(claim.save({})).rejects.toMatchObject({ code: "LEASE_LOST" });
    expect(await one.load()).toEqual({ database: record });
  });

  test("environments that are called alike are others", async () => {
    await using opened = disposable(open());
    await (await claimed(createHealthMemory(opened.store, { ...place, environment: "production-eu" }))).save({ database: record });
    expect(await createHealthMemory(opened.store, place).load()).toEqual({});
  });

  test("instances that share a store ask once for all of them", async () => {
    await using opened = disposable(open());
    let runs = 0;
    const run = () => ({ status: (runs += 1) > 0 ? "up" : "down" }) as const;
    const instances = Array.from({ length: 3 }, () => {
      const checks = [defineCheck({ name: "database", run, timeout: "20s" })];
      return createHealth({ checks }).onDemand({ maxAge: "1h", memory: createHealthMemory(opened.store, place) });
    });
    const snapshots = await Promise.all(instances.map((health) => health.tick()));
    expect(snapshots.map(({ status }) => status)).toEqual(["healthy", "healthy", "healthy"]);
    expect(runs).toBe(1);
    await Promise.all(instances.map((health) => health.stop()));
  });
});

function disposable(store: Store) {
  return { store, [Symbol.asyncDispose]: () => store.close() };
}
