import { describe, expect, it, test } from "vitest";
import { flaws } from "./broken-stores.js";
import type { Flaw } from "./broken-stores/flaw.js";
import { sharedMemory } from "./broken-stores/shared-memory.js";
import { movableClock } from "./movable-clock.js";
import { storeSuite, type StoreCase } from "./store-suite.js";
import type { StoreFixture } from "./store/fixture.js";

function createFixture(breaks: Flaw["breaks"]): StoreFixture {
  const clock = movableClock();
  const open = sharedMemory(clock);
  const notes = new Map<string, string>();
  let opened = 0;
  const openNext = () => {
    opened += 1;
    return breaks(open(), { opened, notes });
  };
  const store = openNext();
  return { store, clock, reopen: async () => openNext(), dispose: () => store.close().catch(() => undefined) };
}

/** The cases that a store fails. */
async function judge(breaks: Flaw["breaks"]): Promise<StoreCase[]> {
  const runs: Promise<void>[] = [];
  const { registered } = storeSuite(
    { test: (_, run) => runs.push(run()), describe: (_, define) => define() },
    { create: () => createFixture(breaks), patience: "500ms" },
  );
  const results = await Promise.allSettled(runs);
  return registered.filter((_, index) => results[index]?.status === "rejected");
}

describe("a store that is as it should be", () => {
  storeSuite({ test, describe }, { create: () => createFixture((store) => store) });
});

describe("a store that", () => {
  it.each(Object.entries(flaws))("%s fails the cases that ask for it, and no other", async (_, { breaks, fails }) => {
    expect(new Set(await judge(breaks))).toEqual(new Set(fails));
  });
});

it("every case is failed by some store", () => {
  const { registered } = storeSuite({ test: () => undefined }, { create: () => createFixture((store) => store) });
  const failed = new Set(Object.values(flaws).flatMap(({ fails }) => fails));
  expect(registered.filter((name) => !failed.has(name))).toEqual([]);
});
