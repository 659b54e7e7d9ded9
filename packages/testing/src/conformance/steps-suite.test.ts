import { describe, expect, test } from "vitest";
import { failuresOf } from "../../test/failures-of.js";
import { deviations } from "../../test/steps-suite/deviations.js";
import { bare, createFixture } from "../../test/steps-suite/fake-subject.js";
import { stepsSuite } from "./steps-suite.js";

describe("good fakes", () => {
  stepsSuite({ test, describe }, { create: () => createFixture() });
});

test("what a step does not promise is not asked of it", async () => {
  expect(await failuresOf(stepsSuite, bare)).toEqual([]);
});

describe("steps that differ from the contract fail what asks for it, and nothing else", () => {
  test.for(Object.entries(deviations))("%s", async ([, { deviation, fails }]) => {
    expect(await failuresOf(stepsSuite, () => createFixture(deviation))).toEqual([...fails].sort());
  });

  test("every case is failed by one of them", () => {
    const caught = new Set(Object.values(deviations).flatMap(({ fails }) => fails));
    const { registered } = stepsSuite({ test: () => undefined }, { create: () => createFixture() });
    expect(registered.filter((name) => !caught.has(name))).toEqual([]);
  });
});
