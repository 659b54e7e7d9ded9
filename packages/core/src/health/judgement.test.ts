import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CheckStatus } from "../contract/check.js";
import { isContested, judge, unknown, type Judgement, type Rules, type Verdict } from "./judgement.js";

const letters = { F: "down", D: "degraded", S: "up" } as const;
const signs = { down: "F", degraded: "D", up: "S", unknown: "?" } as const;
const defaults: Rules = { failures: 3, successes: 2, failingFor: 0, wellFor: 0, starting: false };

/** Results as they come, one each second. */
const eachSecond = (results: readonly CheckStatus[]): readonly Verdict[] =>
  results.map((status, second) => ({ status, at: second * 1_000 }));

function judgementsOf(verdicts: readonly Verdict[], rules: Rules): readonly Judgement[] {
  let judgement = unknown;
  return verdicts.map((verdict) => (judgement = judge(judgement, verdict, rules)));
}

const judgements = (results: readonly CheckStatus[], rules: Rules): readonly Judgement[] => judgementsOf(eachSecond(results), rules);

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
    expect(statuses("SFDSFS", { ...defaults, failures: 1, successes: 1 })).toBe("SFDSFS");
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
    expect(judge(still, { status: "down", at: 4_000 }, defaults).status).toBe("down");
  });
});

test("failures are counted in a row, before and after it is down", () => {
  const counts = judgements(["up", "down", "down", "up", "down", "degraded", "down", "down", "down", "down"], defaults);
  expect(counts.map(({ failures }) => failures)).toEqual([0, 1, 2, 0, 1, 0, 1, 2, 3, 4]);
});

describe("for some time", () => {
  test.each([
    ["three failures within a second are not enough", "SFFFFFFF", { failingFor: 5_000 }, "SSSSSSFF"],
    ["but a success begins the time anew", "SFFFFSFFFFFF", { failingFor: 5_000 }, "SSSSSSSSSSSF"],
    ["nor are two successes", "SFFFSSSSS", { wellFor: 3_000 }, "SSSFFFFSS"],
    ["five seconds of two failures are two failures", "SFF", { failures: 3, failingFor: 1 }, "SSS"],
    ["unknown fails for that long too", "FFFFFF", { failingFor: 4_000 }, "????FF"],
  ])("%s", (_, results, rules, expected) => {
    expect(statuses(results, { ...defaults, ...rules })).toBe(expected);
  });

  test("a clock that is set back does not make it sooner", () => {
    const verdicts: readonly Verdict[] = [5, 4, 3, 2].map((second, index) => ({ status: index === 0 ? "up" : "down", at: second * 1_000 }));
    expect(judgementsOf(verdicts, { ...defaults, failingFor: 500 }).at(-1)?.status).toBe("up");
  });
});

/** The results that come in a row up to the last one because they are all alike, none before index `first`. */
function rowAtEnd(past: readonly Verdict[], first: number, isAlike: (verdict: Verdict) => boolean): readonly Verdict[] {
  const other = past.findLastIndex((verdict, index) => index < first || !isAlike(verdict));
  return past.slice(other + 1);
}

function reaches(row: readonly Verdict[], count: number, duration: number): boolean {
  const [begin, end] = [row[0], row.at(-1)];
  return begin !== undefined && end !== undefined && row.length >= count && end.at - begin.at >= duration;
}

/**
 * The same by looking back: at every point the whole past is read anew, from the last result to the first. A level (degraded or worse; down) holds after a row of `failures` results that last
 * `failingFor` and reach it, until a row of `successes` that last `wellFor` and do not.
 */
function lookBack(past: readonly Verdict[], { failures, successes, failingFor, wellFor }: Rules): CheckStatus | "unknown" {
  const first = past.findIndex(({ status }, index) => status !== "down" || reaches(past.slice(0, index + 1), failures, failingFor));
  if (first === -1) return "unknown";
  const holds = (reached: (verdict: Verdict) => boolean): boolean => {
    for (let end = past.length; end > first + 1; end -= 1) {
      const until = past.slice(0, end);
      if (reaches(rowAtEnd(until, first, reached), failures, failingFor)) return true;
      if (
        reaches(
          rowAtEnd(until, first, (verdict) => !reached(verdict)),
          successes,
          wellFor,
        )
      )
        return false;
    }
    return past.slice(first, first + 1).some(reached);
  };
  if (holds(({ status }) => status === "down")) return "down";
  return holds(({ status }) => status !== "up") ? "degraded" : "up";
}

test("equals a model that looks back over the whole past, on 10,000 random sequences", () => {
  const verdict = fc.tuple(fc.constantFrom<CheckStatus>("up", "up", "degraded", "down", "down"), fc.integer({ min: 0, max: 20 }));
  const count = fc.integer({ min: 1, max: 5 });
  const duration = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 60 }));
  const thresholds = fc.record({ failures: count, successes: count, failingFor: duration, wellFor: duration });
  let changes = 0;
  fc.assert(
    fc.property(fc.array(verdict, { maxLength: 40, size: "max" }), thresholds, (drawn, given) => {
      const rules: Rules = { ...given, starting: false };
      let at = 0;
      const verdicts = drawn.map(([status, later]): Verdict => ({ status, at: (at += later) }));
      const folded = judgementsOf(verdicts, rules).map(({ status }) => status);
      changes += folded.filter((status, index) => index > 0 && status !== folded[index - 1]).length;
      expect(folded).toEqual(verdicts.map((_, index) => lookBack(verdicts.slice(0, index + 1), rules)));
    }),
    { numRuns: 10_000 },
  );
  expect(changes).toBeGreaterThan(10_000);
});

test("every sequence of failures and successes up to length 12", () => {
  for (let length = 1; length <= 12; length += 1) {
    for (let bits = 0; bits < 2 ** length; bits += 1) {
      const results = Array.from({ length }, (_, index): CheckStatus => ((bits >> index) & 1 ? "down" : "up"));
      expect(judgements(results, defaults).at(-1)?.status).toBe(lookBack(eachSecond(results), defaults));
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
