import { expect, test } from "vitest";
import { createStopwatch } from "./stopwatch.js";

test("a clock that is set ahead or back makes no time pass", () => {
  let now = 1_000_000;
  const stopwatch = createStopwatch({ now: () => now, sleep: () => Promise.resolve() }, 5_000);
  now += 3_000;
  expect(stopwatch.elapsed()).toBe(3_000);
  now -= 86_400_000;
  expect(stopwatch.elapsed()).toBe(3_000);
  now += 1_000;
  expect(stopwatch.elapsed()).toBe(4_000);
  now += 86_400_000;
  expect(stopwatch.elapsed()).toBe(9_000);
});
