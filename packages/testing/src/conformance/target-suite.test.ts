import { describe, expect, test } from "vitest";
import { failuresOf } from "../../test/failures-of.js";
import { targetSuite } from "./target-suite.js";
import { createFixture, without } from "../../test/target-suite/fake-subject.js";
import { deviations } from "../../test/target-suite/deviations.js";

for (const role of ["web", "worker"] as const) {
  describe(`a good fake for a ${role}`, () => {
    targetSuite({ test, describe }, { create: () => createFixture(role) });
  });
}

test.for(["web", "worker"] as const)("nothing is asked about what a target for a %s need not have", async (role) => {
  expect(await failuresOf(targetSuite, () => without(createFixture(role)))).toEqual([]);
});

describe("a target that differs from the contract fails what asks for it, and nothing else", () => {
  test.for(Object.entries(deviations))("%s", async ([, { deviation, role = "web", prepare, fails }]) => {
    expect(await failuresOf(targetSuite, () => createFixture(role, deviation, prepare))).toEqual([...fails].sort());
  });

  test("every case is failed by one of them", () => {
    const caught = new Set(Object.values(deviations).flatMap(({ fails }) => fails));
    const { registered } = targetSuite({ test: () => undefined }, { create: () => createFixture("web") });
    expect(registered.filter((name) => !caught.has(name))).toEqual([]);
  });
});
