import { logRatios, ratios } from "./ratios.js";

/** Requests, and those of them that count against whoever answered: errors, or slow ones. */
export interface Count {
  readonly requests: number;
  readonly events: number;
}

/** What all counts so far say about the ratio. Plain JSON. */
export interface Account {
  /** For each of the `ratios`, the logarithm of how much likelier it makes the counts than a ratio of one. */
  readonly odds: readonly number[];
  /** The same for the ratio that is tolerated. */
  readonly tolerated: number;
  /** The ratio as it was measured, as a fraction; by Mantel and Haenszel, so that a share of the traffic that changes with the time of day does not distort it. */
  readonly over: number;
  readonly under: number;
}

export const emptyAccount: Account = { odds: ratios.map(() => 0), tolerated: 0, over: 0, under: 0 };

/**
 * Adds what was counted at the same time on both sides. Each event is a coin: how often it should fall on the candidate's side follows from the candidate's share of the requests and from the ratio, whatever the
 * rate of events was, so that trouble that both share says nothing against either. If events are no likelier on the candidate, the expectation of `exp(odds)` never exceeds one, for any sizes (`1 + y ≤ exp(y)`): the odds
 * of a ratio are the logarithm of a test martingale.
 */
export function addComparison(account: Account, candidate: Count, baseline: Count, tolerance: number): Account {
  const events = candidate.events + baseline.events;
  if (events === 0) return account;
  const requests = candidate.requests + baseline.requests;
  const share = candidate.requests / requests;
  const oddsOf = (ratio: number, logRatio: number): number => candidate.events * logRatio - events * Math.log1p((ratio - 1) * share);
  return {
    odds: added(account.odds, oddsOf),
    tolerated: account.tolerated + oddsOf(tolerance, Math.log(tolerance)),
    over: account.over + (candidate.events * baseline.requests) / requests,
    under: account.under + (baseline.events * candidate.requests) / requests,
  };
}

/** Adds what was counted on the candidate alone, held against a rate that is allowed. The same test, as if the baseline were endless. */
export function addLimit(account: Account, candidate: Count, limit: number): Account {
  const allowed = candidate.requests * limit;
  const oddsOf = (ratio: number, logRatio: number): number => candidate.events * logRatio - allowed * (ratio - 1);
  return {
    odds: added(account.odds, oddsOf),
    tolerated: 0,
    over: account.over + candidate.events,
    under: account.under + allowed,
  };
}

function added(odds: readonly number[], oddsOf: (ratio: number, logRatio: number) => number): readonly number[] {
  const sums = new Array<number>(odds.length);
  for (let index = 0; index < sums.length; index += 1) sums[index] = (odds[index] ?? 0) + oddsOf(ratios[index] ?? 1, logRatios[index] ?? 0);
  return sums;
}
