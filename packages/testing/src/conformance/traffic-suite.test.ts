import { describe, expect, test } from "vitest";
import { failuresOf } from "../../test/failures-of.js";
import { deviations } from "../../test/traffic-suite/deviations.js";
import { createFixture, without } from "../../test/traffic-suite/fake-subject.js";
import { trafficSuite } from "./traffic-suite.js";

describe.each(["any", "staged", "none"] as const)("a good fake that knows %s shares", (weights) => {
  trafficSuite({ test, describe }, { create: () => createFixture({ weights }) });
});

test.for([{ drain: false }, { affinity: "none" }, { lossless: false }] as const)("a good fake with %j", async (abilities) => {
  expect(await failuresOf(trafficSuite, () => createFixture(abilities))).toEqual([]);
});

test("nothing is asked about what cannot happen to a router", async () => {
  expect(await failuresOf(trafficSuite, () => without(createFixture()))).toEqual([]);
});

describe("a router that differs from the contract fails what asks for it, and nothing else", () => {
  test.for(Object.entries(deviations))("%s", async ([, { deviation, abilities = {}, fails }]) => {
    expect(await failuresOf(trafficSuite, () => createFixture(abilities, deviation))).toEqual([...fails].sort());
  });

  test("every case is failed by one of them", () => {
    const caught = new Set(Object.values(deviations).flatMap(({ fails }) => fails));
    const { registered } = trafficSuite({ test: () => undefined }, { create: () => createFixture() });
    expect(registered.filter((name) => !caught.has(name))).toEqual([]);
  });
});
