import { describe, expect, test } from "vitest";
import { failuresOf } from "../../test/failures-of.js";
import { deviations } from "../../test/migrator-suite/deviations.js";
import { createFixture } from "../../test/migrator-suite/fake-subject.js";
import { migratorSuite } from "./migrator-suite.js";

describe("a good fake", () => {
  migratorSuite({ test, describe }, { create: () => createFixture() });
});

describe("a migrator that differs from the contract fails what asks for it, and nothing else", () => {
  test.for(Object.entries(deviations))("%s", async ([, { deviation, fails }]) => {
    expect(await failuresOf(migratorSuite, () => createFixture(deviation), "1s")).toEqual([...fails].sort());
  });

  test("every case is failed by one of them", () => {
    const caught = new Set(Object.values(deviations).flatMap(({ fails }) => fails));
    const { registered } = migratorSuite({ test: () => undefined }, { create: () => createFixture() });
    expect(registered.filter((name) => !caught.has(name))).toEqual([]);
  });
});
