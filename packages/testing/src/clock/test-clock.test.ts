import { withDeadline } from "@fairlead/core";
import { expect, test } from "vitest";
import { createTestClock } from "./test-clock.js";

test("stands still until it is told to go on, and then everybody wakes up at their own moment", async () => {
  const clock = createTestClock({ start: "2026-05-01T12:00:00Z" });
  const woken: (readonly [string, number])[] = [];
  const begin = clock.now();
  const sleeper = async (name: string, ...pauses: readonly number[]): Promise<void> => {
    for (const pause of pauses) {
      await clock.sleep(pause);
      woken.push([name, clock.now() - begin]);
    }
  };
  const all = Promise.all([sleeper("late", 90_000), sleeper("often", 30_000, 30_000, 30_000), sleeper("at once", 0)]);

  await clock.advance("75s");
  expect(woken).toEqual([
    ["at once", 0],
    ["often", 30_000],
    ["often", 60_000],
  ]);
  expect(new Date(clock.now()).toISOString()).toBe("2026-05-01T12:01:15.000Z");
  await clock.advance("1m");
  await all;
  expect(woken.slice(3)).toEqual([
    ["late", 90_000],
    ["often", 90_000],
  ]);
});

test("a sleep ends with its signal, and deadlines are built on it", async () => {
  const clock = createTestClock();
  const leaving = new AbortController();
  const asleep = clock.sleep(1_000, { signal: leaving.signal });
  leaving.abort(new Error("enough"));
  await expect(asleep).rejects.toThrow("enough");
  await expect(clock.sleep(1_000, { signal: leaving.signal })).rejects.toThrow("enough");

  const hanging = withDeadline(
    clock,
    { milliseconds: 10_000, reason: () => new Error("too late") },
    () => new Promise<never>(() => undefined),
  );
  const outcome = expect(hanging).rejects.toThrow("too late");
  await clock.advance("10s");
  await outcome;
});
