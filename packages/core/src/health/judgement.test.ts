import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CheckStatus } from "../contract/check.js";
import { isContested, judge, unknown, type Judgement, type Rules } from "./judgement.js";

const letters = { F: "down", D: "degraded", S: "up" } as const;
const signs = { down: "F", degraded: "D", up: "S", unknown: "?" } as const;
const defaults: Rules = { failures: 3, successes: 2, starting: false };

function judgements(results: readonly CheckStatus[], rules: Rules): readonly Judgement[] {
  let judgement = unknown;
  return results.map((result) => (judgement = judge(judgement, result, rules)));
}

/** `SSFFF` → the status after each letter. */
function statuses(text: string, rules: Rules = defaults): string {
  const results = [...text].map((letter) => letters[letter as keyof typeof letters]);
  return judgements(results, rules)
    .map(({ status }) => signs[status])
    .join("");
}

describe("in a row", () => {
  test.each([
    ["failures that successes part never count three", "SFSFSFSFFSFFS", "SSSSSSSSSSSSS"],
    ["three failures do", "SFFFF", "SSSFF"],
    ["one success does not bring it back, two do", "SFFFSFSFSSS", "SSSFFFFFFSS"],
    ["the first success is believed", "S", "S"],
    ["unknown is not down before three failures", "FFF", "??F"],
    ["unknown failures that a success parts", "FFSFF", "??SSS"],
    ["degraded counts as not up and not down", "SDDDSS", "SSSDDS"],
    ["failing in two ways is at least degraded", "SFDFDF", "SSSDDD"],
    ["down, then better in two ways, is degraded first", "SFFFDS", "SSSFFD"],
    ["degraded at once when nothing is known", "DSS", "DDS"],
  ])("%s", (_, results, expected) => {
    expect(statuses(results)).toBe(expected);
  });

  test("thresholds of one follow every result", () => {
    expect(statuses("SFDSFS", { failures: 1, successes: 1, starting: false })).toBe("SFDSFS");
  });
});

describe("starting", () => {
  test("what never was up stays unknown, however often it fails", () => {
    expect(statuses("FFFFFF", { ...defaults, starting: true })).toBe("??????");
  });

  test("what once was up is judged as always", () => {
    expect(statuses("FSFFF", { ...defaults, starting: true })).toBe("?SSSF");
  });

  test("the first failure after it is over tells, if enough came before it", () => {
    const still = judgements(["down", "down", "down", "down"], { ...defaults, starting: true }).at(-1) ?? unknown;
    expect(judge(still, "down", defaults).status).toBe("down");
  });
});

test("failures are counted in a row, before and after it is down", () => {
  const counts = judgements(["up", "down", "down", "up", "down", "degraded", "down", "down", "down", "down"], defaults);
  expect(counts.map(({ failures }) => failures)).toEqual([0, 1, 2, 0, 1, 0, 1, 2, 3, 4]);
});

/**
 * The same by looking back: at every point the whole past is read anew, from the last result to the first. A level (degraded or worse; down) holds after `failures` results in a row that reach it,
 * until `successes` in a row that do not.
 */
function lookBack(past: readonly CheckStatus[], { failures, successes }: Rules): CheckStatus | "unknown" {
  const first = past.findIndex((result, index) => {
    const row = past.slice(Math.max(0, index + 1 - failures), index + 1);
    return result !== "down" || (row.length === failures && row.every((other) => other === "down"));
  });
  if (first === -1) return "unknown";
  const holds = (reached: (result: CheckStatus) => boolean): boolean => {
    for (let end = past.length; end > first + 1; end -= 1) {
      const bad = past.slice(Math.max(first, end - failures), end);
      const good = past.slice(Math.max(first, end - successes), end);
      if (bad.length === failures && bad.every(reached)) return true;
      if (good.length === successes && !good.some(reached)) return false;
    }
    return past.slice(first, first + 1).some(reached);
  };
  if (holds((result) => result === "down")) return "down";
  return holds((result) => result !== "up") ? "degraded" : "up";
}

test("equals a model that looks back over the whole past, on 10,000 random sequences", () => {
  const result = fc.constantFrom<CheckStatus>("up", "up", "degraded", "down", "down");
  const thresholds = fc.record({ failures: fc.integer({ min: 1, max: 5 }), successes: fc.integer({ min: 1, max: 5 }) });
  let changes = 0;
  fc.assert(
    fc.property(fc.array(result, { maxLength: 40, size: "max" }), thresholds, (results, given) => {
      const rules: Rules = { ...given, starting: false };
      const folded = judgements(results, rules).map(({ status }) => status);
      changes += folded.filter((status, index) => index > 0 && status !== folded[index - 1]).length;
      expect(folded).toEqual(results.map((_, index) => lookBack(results.slice(0, index + 1), rules)));
    }),
    { numRuns: 10_000 },
  );
  expect(changes).toBeGreaterThan(10_000);
});

test("every sequence of failures and successes up to length 12", () => {
  for (let length = 1; length <= 12; length += 1) {
    for (let bits = 0; bits < 2 ** length; bits += 1) {
      const results = Array.from({ length }, (_, index): CheckStatus => ((bits >> index) & 1 ? "down" : "up"));
      expect(judgements(results, defaults).at(-1)?.status).toBe(lookBack(results, defaults));
    }
  }
});

test("it is contested while the last results say otherwise", () => {
  const contested = (text: string): boolean => {
    const results = [...text].map((letter) => letters[letter as keyof typeof letters]);
    return isContested(judgements(results, defaults).at(-1) ?? unknown);
  };
  expect(["", "F", "SF", "SFFFS", "SD", "SFFFD"].map(contested)).toEqual([true, true, true, true, true, true]);
  expect(["S", "SFS", "SFFF", "SFFFSF", "D"].map(contested)).toEqual([false, false, false, false, false]);
});
