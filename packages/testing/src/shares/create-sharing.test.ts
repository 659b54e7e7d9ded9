import { expect, test } from "vitest";
import { createSharing } from "./create-sharing.js";

function countOf(weights: Readonly<Record<string, number>>, requests: number): Record<string, number> {
  const next = createSharing(weights);
  const counts: Record<string, number> = {};
  for (let request = 0; request < requests; request += 1) {
    const id = next() ?? "nobody";
    counts[id] = (counts[id] ?? 0) + 1;
  }
  return counts;
}

test.for([
  [
    { a: 90, b: 10 },
    { a: 90, b: 10 },
  ],
  [
    { a: 50, b: 50 },
    { a: 50, b: 50 },
  ],
  [{ a: 100, b: 0 }, { a: 100 }],
  [{ a: 0, b: 100 }, { b: 100 }],
  [{ a: 0, b: 0 }, { nobody: 100 }],
] as const)("of a hundred requests each gets its share: %j", ([weights, counts]) => {
  expect(countOf(weights, 100)).toEqual(counts);
});

test("a share below one in a hundred is a share", () => {
  expect(countOf({ a: 99.5, b: 0.5 }, 1_000)).toEqual({ a: 995, b: 5 });
});

test("a small share is spread, not given at once", () => {
  const next = createSharing({ a: 80, b: 20 });
  const order = Array.from({ length: 20 }, () => next());
  expect(order.join("")).toMatch(/^(?:a{2}ba{2}){4}$/);
});
