import { describe, expect, test } from "vitest";
import { deviations } from "../../test/checks-suite/deviations.js";
import { bare, createFixture } from "../../test/checks-suite/fake-subject.js";
import { failuresOf } from "../../test/failures-of.js";
import { checksSuite } from "./checks-suite.js";

describe("good fakes", () => {
  checksSuite({ test, describe }, { create: () => createFixture() });
});

test("a check that asks only about its own process needs neither release nor patience", async () => {
  expect(await failuresOf(checksSuite, bare)).toEqual([]);
});

describe("checks that differ from the contract fail what asks for it, and nothing else", () => {
  test.for(Object.entries(deviations))("%s", async ([, { deviation, fails }]) => {
    expect(await failuresOf(checksSuite, () => createFixture(deviation), "1s")).toEqual([...fails].sort());
  });

  test("every case is failed by one of them", () => {
    const caught = new Set(Object.values(deviations).flatMap(({ fails }) => fails));
    const { registered } = checksSuite({ test: () => undefined }, { create: () => createFixture() });
    expect(registered.filter((name) => !caught.has(name))).toEqual([]);
  });
});
