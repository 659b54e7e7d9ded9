import * as fc from "fast-check";
import { expect, test } from "vitest";
import { addComparison, addLimit, emptyAccount, type Account } from "./account.js";
import { intervalOf, logEvidenceOfTolerable, logEvidenceOfWorse } from "./evidence.js";
import { weightsBelow } from "./ratios.js";

/** The chances of each number of events among so many requests. */
function binomial(requests: number, chance: number): readonly number[] {
  const chances = [(1 - chance) ** requests];
  for (let events = 1; events <= requests; events += 1)
    chances.push(((chances[events - 1] ?? 0) * ((requests - events + 1) / events) * chance) / (1 - chance));
  return chances;
}

/** What is expected of a value over all that can be counted in one look, worked out and not drawn. */
function expectation(
  sides: { readonly candidate: readonly [number, number]; readonly baseline: readonly [number, number] },
  valueOf: (account: Account) => number,
  tolerance = 1.5,
): number {
  const [candidateRequests, candidateChance] = sides.candidate;
  const [baselineRequests, baselineChance] = sides.baseline;
  const ofBaseline = binomial(baselineRequests, baselineChance);
  return binomial(candidateRequests, candidateChance).reduce(
    (sum, chance, events) =>
      sum +
      ofBaseline.reduce((inner, other, baselineEvents) => {
        const candidate = { requests: candidateRequests, events };
        const baseline = { requests: baselineRequests, events: baselineEvents };
        return inner + chance * other * valueOf(addComparison(emptyAccount, candidate, baseline, tolerance));
      }, 0),
    0,
  );
}

const requests = fc.integer({ min: 1, max: 40 });
const chance = fc.double({ min: 1e-6, max: 0.999, noNaN: true });
const part = fc.double({ min: 0, max: 1, noNaN: true });
const slack = 1e-9;

test("a look brings no evidence on average against a candidate that is not worse, whatever the sizes and the rates", () => {
  fc.assert(
    fc.property(requests, requests, chance, part, (ofCandidate, ofBaseline, baseline, share) => {
      const sides = { candidate: [ofCandidate, baseline * share], baseline: [ofBaseline, baseline] } as const;
      expect(expectation(sides, (account) => Math.exp(logEvidenceOfWorse(account)))).toBeLessThanOrEqual(1 + slack);
    }),
    { numRuns: 300 },
  );
});

test("a look brings no evidence on average for a candidate that is worse than tolerated", () => {
  const tolerances = fc.double({ min: 1, max: 8, noNaN: true });
  fc.assert(
    fc.property(requests, requests, chance, part, tolerances, (...[ofCandidate, ofBaseline, candidate, share, tolerance]) => {
      const sides = { candidate: [ofCandidate, candidate], baseline: [ofBaseline, (candidate / tolerance) * share] } as const;
      const below = weightsBelow(tolerance);
      const evidence = (account: Account): number => Math.exp(logEvidenceOfTolerable(account, below));
      expect(expectation(sides, evidence, tolerance)).toBeLessThanOrEqual(1 + slack);
    }),
    { numRuns: 300 },
  );
});

test("a look brings no evidence on average against a candidate within its limit", () => {
  fc.assert(
    fc.property(requests, chance, part, (count, limit, share) => {
      const evidence = binomial(count, limit * share).reduce(
        (sum, of, events) => sum + of * Math.exp(logEvidenceOfWorse(addLimit(emptyAccount, { requests: count, events }, limit))),
        0,
      );
      expect(evidence).toBeLessThanOrEqual(1 + slack);
    }),
    { numRuns: 300 },
  );
});

test("the interval leaves out the true ratio no more often than it says", () => {
  fc.assert(
    fc.property(requests, requests, chance, fc.double({ min: 0.05, max: 20, noNaN: true }), (ofCandidate, ofBaseline, rate, ratio) => {
      const baseline = Math.min(rate, 0.999 / ratio);
      const missed = (account: Account): number => {
        const { low, high = Infinity } = intervalOf(account, 0.05);
        expect(low).toBeLessThanOrEqual(high);
        return ratio < low || ratio > high ? 1 : 0;
      };
      expect(expectation({ candidate: [ofCandidate, baseline * ratio], baseline: [ofBaseline, baseline] }, missed)).toBeLessThanOrEqual(
        0.05 + slack,
      );
    }),
    { numRuns: 300 },
  );
});
