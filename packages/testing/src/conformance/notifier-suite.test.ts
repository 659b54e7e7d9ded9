import { describe, expect, test } from "vitest";
import { failuresOf } from "../../test/failures-of.js";
import { deviations } from "../../test/notifier-suite/deviations.js";
import { createFixture, without } from "../../test/notifier-suite/fake-subject.js";
import { notifierSuite } from "./notifier-suite.js";

for (const keyed of [true, false]) {
  describe(`a good fake of a channel ${keyed ? "with" : "without"} keys`, () => {
    notifierSuite({ test, describe }, { create: () => createFixture({ keyed }) });
  });
}

test("nothing is asked about what a channel cannot say", async () => {
  expect(await failuresOf(notifierSuite, () => without(createFixture()))).toEqual([]);
});

describe("a notifier that differs from the contract fails what asks for it, and nothing else", () => {
  test.for(Object.entries(deviations))("%s", async ([, { deviation, fails }]) => {
    expect(await failuresOf(notifierSuite, () => createFixture({ deviation }))).toEqual([...fails].sort());
  });

  test("every case is failed by one of them", () => {
    const caught = new Set(Object.values(deviations).flatMap(({ fails }) => fails));
    const { registered } = notifierSuite({ test: () => undefined }, { create: () => createFixture() });
    expect(registered.filter((name) => !caught.has(name))).toEqual([]);
  });
});
