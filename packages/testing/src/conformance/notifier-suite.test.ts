import { describe, expect, test } from "vitest";
import { deviations } from "../../test/notifier-suite/deviations.js";
import { createFixture, without } from "../../test/notifier-suite/fake-subject.js";
import { notifierSuite, type NotifierCase } from "./notifier-suite.js";
import type { NotifierFixture } from "./notifier/fixture.js";

for (const keyed of [true, false]) {
  describe(`a good fake of a channel ${keyed ? "with" : "without"} keys`, () => {
    notifierSuite({ test, describe }, { create: () => createFixture({ keyed }) });
  });
}

test("nothing is asked about what a channel cannot say", async () => {
  expect(await failuresOf(() => without(createFixture()))).toEqual([]);
});

describe("a notifier that differs from the contract fails what asks for it, and nothing else", () => {
  test.for(Object.entries(deviations))("%s", async ([, { deviation, fails }]) => {
    expect((await failuresOf(() => createFixture({ deviation }))).sort()).toEqual([...fails].sort());
  });

  test("every case is failed by one of them", () => {
    const caught = new Set(Object.values(deviations).flatMap(({ fails }) => fails));
    const { registered } = notifierSuite({ test: () => undefined }, { create: () => createFixture() });
    expect(registered.filter((name) => !caught.has(name))).toEqual([]);
  });
});

/** Names of the cases that a notifier fails. */
async function failuresOf(create: () => NotifierFixture): Promise<NotifierCase[]> {
  const failed: NotifierCase[] = [];
  const runs: (() => Promise<void>)[] = [];
  const { registered } = notifierSuite({ test: (_, run) => void runs.push(run) }, { create, patience: "400ms" });
  await Promise.all(
    runs.map(async (run, index) => {
      await run().catch(() => failed.push(registered[index]!));
    }),
  );
  return failed;
}
