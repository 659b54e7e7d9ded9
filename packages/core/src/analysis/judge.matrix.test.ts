import { matrixCases } from "@fairlead/test-support";
import { expect, test } from "vitest";
import { createJudge } from "./judge.js";
import type { Measurement } from "./measurement.js";

const seeds = matrixCases(
  Array.from({ length: 2_000 }, (_, index) => index + 1),
  { sample: 80 },
);
const names = Array.from({ length: 8 }, (_, index) => `metric ${String(index + 1)}`);
const requests = 300;

/** Numbers in [0, 1) that depend on the seed alone. */
function createRandom(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Errors among the requests of a minute. */
function draw(random: () => number, rate: number): number {
  let [term, drawn, events] = [(1 - rate) ** requests, random(), 0];
  while (drawn >= term && events < requests) {
    drawn -= term;
    term *= ((requests - events) / (events + 1)) * (rate / (1 - rate));
    events += 1;
  }
  return events;
}

/** The minute at which a candidate fails whose first metric is so many times as bad. */
function failsAt(seed: number, times: number): number {
  const random = createRandom(seed);
  const judge = createJudge({ metrics: Object.fromEntries(names.map((name) => [name, {}])), for: "365d", falsePass: 0 });
  const rate = 0.005;
  let state = judge.begin;
  for (let minute = 1; minute <= 1_440; minute += 1) {
    const metrics = names.map((name, index): [string, Measurement] => [
      name,
      {
        kind: "counts",
        sides: {
          candidate: { requests, events: draw(random, index === 0 ? rate * times : rate) },
          baseline: { requests, events: draw(random, rate) },
        },
      },
    ]);
    state = judge.step(state, { at: minute * 60_000, metrics: Object.fromEntries(metrics) });
    if (state.decision !== undefined) return minute;
  }
  return Infinity;
}

const median = (values: readonly number[]) => values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;

test("a candidate like its baseline is hardly ever failed, looked at 1,440 times by 8 metrics", () => {
  const failed = seeds.filter((seed) => failsAt(seed, 1) < Infinity).length;
  // At most one in a hundred is promised; of few seeds a twentieth is within chance.
  expect(failed / seeds.length).toBeLessThanOrEqual(seeds.length < 1_000 ? 0.05 : 0.01);
});

test("ten times the errors are found within three minutes, four times within six", () => {
  expect(median(seeds.map((seed) => failsAt(seed, 10)))).toBeLessThanOrEqual(3);
  expect(median(seeds.map((seed) => failsAt(seed, 4)))).toBeLessThanOrEqual(6);
});
