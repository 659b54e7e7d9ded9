import { createTestClock } from "@fairlead/testing";
import { describe, expect, test, vi } from "vitest";
import type { CheckStatus } from "../contract/check.js";
import { createHealth } from "./create-health.js";
import { defineCheck } from "./define-check.js";

function scripted(name: string, critical = true) {
  const script = { says: "up" as CheckStatus };
  return Object.assign(script, { check: defineCheck({ name, critical, run: () => ({ status: script.says }) }) });
}

async function running(options: Parameters<typeof createHealth>[0]) {
  const clock = createTestClock();
  const health = createHealth({ failureThreshold: 1, successThreshold: 1, startPeriod: "0s", clock, ...options }).background();
  await clock.advance("0s");
  return { health, clock };
}

describe("started", () => {
  test("from the first moment it is ready, whatever comes", async () => {
    const database = scripted("database");
    database.says = "down";
    const { health, clock } = await running({ checks: [database.check] });
    expect(health.snapshot()).toMatchObject({ started: false, ready: false });
    database.says = "up";
    await clock.advance("20s");
    expect(health.snapshot()).toMatchObject({ started: true, ready: true });
    database.says = "down";
    await clock.advance("20s");
    expect(health.snapshot()).toMatchObject({ started: true, ready: false });
  });

  test("at once without checks", () => {
    expect(createHealth().snapshot().started).toBe(true);
  });
});

describe("draining", () => {
  test("is not ready, lives, and is as healthy as it was; for good", async () => {
    const { health, clock } = await running({ checks: [scripted("database").check] });
    const seen = vi.fn();
    health.onChange(seen);
    health.drain();
    health.drain();
    expect(health.snapshot()).toMatchObject({ status: "healthy", ready: false, live: true, started: true, draining: true });
    expect(seen).toHaveBeenCalledTimes(1);
    await clock.advance("1m");
    expect(health.snapshot()).toMatchObject({ ready: false, draining: true });
    await health.stop();
  });
});

describe("groups", () => {
  const names = ["database", "payments", "search"];
  test("are as their own checks are", async () => {
    const [database, payments, search] = names.map((name) => scripted(name, name !== "search"));
    const checks = [database, payments, search].flatMap((check) => (check === undefined ? [] : [check.check]));
    const groups = { checkout: ["payments", "database"], browse: ["search"], nothing: [] };
    const { health, clock } = await running({ checks, groups });
    const statuses = () => health.snapshot().groups.map(({ name, status }) => `${name} ${status}`);
    expect(statuses()).toEqual(["checkout healthy", "browse healthy", "nothing healthy"]);
    Object.assign(payments ?? {}, { says: "down" });
    Object.assign(search ?? {}, { says: "down" });
    await clock.advance("20s");
    expect(statuses()).toEqual(["checkout unhealthy", "browse degraded", "nothing healthy"]);
    const { groups: now, checks: all } = health.snapshot();
    expect(now[0]?.checks).toEqual([all[0], all[1]]);
  });

  test.each<[string, Readonly<Record<string, readonly string[]>>]>([
    ["a check that does not exist", { checkout: ["payment"] }],
    ["the name of an endpoint", { live: ["database"] }],
    ["a name that is none", { Checkout: ["database"] }],
  ])("refuses %s", (_, groups) => {
    const invalid = expect.objectContaining({ code: "HEALTH_OPTION_INVALID", data: expect.objectContaining({ option: "groups" }) });
    expect(() => createHealth({ checks: names.map((name) => scripted(name).check), groups })).toThrow(invalid);
  });

  test("and checks do not share a name, nor one with an endpoint", () => {
    const taken = expect.objectContaining({ code: "CHECK_NAME_TAKEN" });
    expect(() => createHealth({ checks: [scripted("database").check], groups: { database: [] } })).toThrow(taken);
    for (const name of ["ready", "live", "startup"]) {
      expect(() => scripted(name)).toThrow(expect.objectContaining({ code: "CHECK_INVALID" }));
    }
  });
});

test("failing counts only when it has lasted, and so does being well again", async () => {
  const database = scripted("database");
  const { health, clock } = await running({ checks: [database.check], failureDuration: "30s", successDuration: "20s" });
  database.says = "down";
  const begun = clock.now();
  const until = async (ready: boolean): Promise<number> => {
    while (health.snapshot().ready !== ready) await clock.advance("100ms");
    return clock.now() - begun;
  };
  // Up to one interval until it is noticed, and one second more at most between two runs in doubt.
  const down = await until(false);
  expect(down).toBeGreaterThanOrEqual(30_000);
  expect(down).toBeLessThanOrEqual(43_000);
  database.says = "up";
  const up = (await until(true)) - down;
  expect(up).toBeGreaterThanOrEqual(20_000);
  expect(up).toBeLessThanOrEqual(45_000);
});
