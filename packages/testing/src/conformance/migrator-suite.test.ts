import { describe, expect, test } from "vitest";
import { deviations } from "../../test/migrator-suite/deviations.js";
import { createFixture } from "../../test/migrator-suite/fake-subject.js";
import { migratorSuite, type MigratorCase } from "./migrator-suite.js";
import type { MigratorFixture } from "./migrator/fixture.js";

describe("a good fake", () => {
  migratorSuite({ test, describe }, { create: () => createFixture() });
});

describe("a migrator that differs from the contract fails what asks for it, and nothing else", () => {
  test.for(Object.entries(deviations))("%s", async ([, { deviation, fails }]) => {
    expect((await failuresOf(() => createFixture(deviation))).sort()).toEqual([...fails].sort());
  });

  test("every case is failed by one of them", () => {
    const caught = new Set(Object.values(deviations).flatMap(({ fails }) => fails));
    const { registered } = migratorSuite({ test: () => undefined }, { create: () => createFixture() });
    expect(registered.filter((name) => !caught.has(name))).toEqual([]);
  });
});

/** Names of the cases that a migrator fails. */
async function failuresOf(create: () => MigratorFixture): Promise<MigratorCase[]> {
  const failed: MigratorCase[] = [];
  const runs: (() => Promise<void>)[] = [];
  const { registered } = migratorSuite({ test: (_, run) => void runs.push(run) }, { create, patience: "1s" });
  await Promise.all(
    runs.map(async (run, index) => {
      await run().catch(() => failed.push(registered[index]!));
    }),
  );
  return failed;
}
