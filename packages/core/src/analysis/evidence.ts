import type { Account } from "./account.js";
import { logRatios, weightsOfAny, weightsOfWorse, type Weights } from "./ratios.js";

/** Between which ratios the true one lies. What is left out has no bound. */
export interface Interval {
  readonly low: number;
  readonly high?: number;
}

/**
 * The logarithm of the evidence that the candidate is worse at all. If it is not, the chance that this ever reaches `log(1 / p)` is at most `p`, however often one looks: it is a mixture of test martingales (Ville's
 * inequality).
 */
export function logEvidenceOfWorse({ odds }: Account): number {
  return logMixture(odds, weightsOfWorse);
}

/** The logarithm of the evidence that the candidate is less than the tolerated ratio as bad, under `weightsBelow` that ratio. Holds as the other one does. */
export function logEvidenceOfTolerable({ odds, tolerated }: Account, below: Weights): number {
  return logMixture(odds, below) - tolerated;
}

/** The ratio as measured. Nothing where nothing went wrong on what it is held against. */
export function measuredRatio({ over, under }: Account): number | undefined {
  return under > 0 ? over / under : undefined;
}

/**
 * The ratios that the counts do not rule out. Contains the true one at all looks together with a chance of `1 - error`. Between two ratios of the scale the odds, a concave function of the logarithm, lie below
 * the lines through their neighbours: the ends err outwards.
 */
export function intervalOf({ odds }: Account, error: number): Interval {
  const least = logMixture(odds, weightsOfAny) + Math.log(error);
  const last = odds.findLastIndex((value) => value > least);
  const first = odds.findIndex((value) => value > least);
  const low = first <= 0 ? 0 : Math.exp(crossing(odds, { inside: first, step: -1, least }));
  if (last < 0 || last === odds.length - 1) return { low };
  return { low, high: Math.exp(crossing(odds, { inside: last, step: 1, least })) };
}

function crossing(
  odds: readonly number[],
  { inside, step, least }: { readonly inside: number; readonly step: 1 | -1; readonly least: number },
): number {
  const at = (index: number): { readonly x: number; readonly y: number } => ({ x: logRatios[index] ?? 0, y: odds[index] ?? least });
  const outside = inside + step;
  const candidates = [at(outside).x];
  for (const [from, to] of [
    [inside - step, inside],
    [outside, outside + step],
  ] as const) {
    if (Math.min(from, to) < 0 || Math.max(from, to) >= odds.length) continue;
    const [start, end] = [at(from), at(to)];
    // A line that does not fall outwards bounds nothing.
    if (end.y < start.y) candidates.push(start.x + ((start.y - least) / (start.y - end.y)) * (end.x - start.x));
  }
  return step > 0 ? Math.max(at(inside).x, Math.min(...candidates)) : Math.min(at(inside).x, Math.max(...candidates));
}

function logMixture(odds: readonly number[], weights: Weights): number {
  let most = -Infinity;
  for (let index = 0; index < odds.length; index += 1) most = Math.max(most, (odds[index] ?? 0) + (weights[index] ?? -Infinity));
  let sum = 0;
  for (let index = 0; index < odds.length; index += 1) {
    const distance = (odds[index] ?? 0) + (weights[index] ?? -Infinity) - most;
    if (distance > -40) sum += Math.exp(distance);
  }
  return most + Math.log(sum);
}
