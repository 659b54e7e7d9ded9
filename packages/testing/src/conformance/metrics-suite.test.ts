import { describe, expect, test } from "vitest";
import { failuresOf } from "../../test/failures-of.js";
import { deviations } from "../../test/metrics-suite/deviations.js";
import { createFixture, without } from "../../test/metrics-suite/fake-subject.js";
import { metricsSuite } from "./metrics-suite.js";

describe("a good fake", () => {
  metricsSuite({ test, describe }, { create: () => createFixture() });
});

test("nothing is asked about what cannot happen to a source", async () => {
  expect(await failuresOf(metricsSuite, () => without(createFixture()))).toEqual([]);
});

describe("a source that differs from the contract fails what asks for it, and nothing else", () => {
  test.for(Object.entries(deviations))("%s", async ([, { deviation, fails }]) => {
    expect(await failuresOf(metricsSuite, () => createFixture(deviation))).toEqual([...fails].sort());
  });

  test("every case is failed by one of them", () => {
    const caught = new Set(Object.values(deviations).flatMap(({ fails }) => fails));
    const { registered } = metricsSuite({ test: () => undefined }, { create: () => createFixture() });
    expect(registered.filter((name) => !caught.has(name))).toEqual([]);
  });
});
