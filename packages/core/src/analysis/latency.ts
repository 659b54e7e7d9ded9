import { advance, type CounterReading } from "./counter.js";
import type { HistogramReading, Sides } from "./measurement.js";

/** Baseline requests by which the bound is chosen. */
const enough = 100;

/** The name of the bound that all requests are below. */
const everything = "+Inf";

/** How slow is slow. Until that is known: the first histogram of the baseline. */
export type Slowness = { readonly bound: string } | { readonly since: HistogramReading };

/**
 * What is learned from the baseline's histogram about how slow is slow. What chose the bound is not judged by it: a bound that follows from the same requests would favour the baseline.
 */
export function learnSlowness(slowness: Slowness | undefined, baseline: HistogramReading, percentile: number): Slowness {
  if (slowness === undefined) return { since: baseline };
  if ("bound" in slowness) return slowness;
  const countOf = (bound: string): number => {
    const [before, now] = [slowness.since, baseline].map((histogram) => ({ requests: histogram[bound] ?? {}, events: {} }));
    return now === undefined ? 0 : advance(before, now).increase.requests;
  };
  const all = countOf(everything);
  const bounds = finiteBounds(baseline);
  const bound = bounds.find((one) => countOf(one) >= percentile * all) ?? bounds.at(-1);
  return all >= enough && bound !== undefined ? { bound } : slowness;
}

/** Running totals of requests and of those that took longer than the bound. Nothing where a histogram does not have the bound. */
export function slowRequests(sides: Sides<HistogramReading>, bound: string): Sides<CounterReading> | undefined {
  const candidate = slowOf(sides.candidate, bound);
  const baseline = sides.baseline === undefined ? undefined : slowOf(sides.baseline, bound);
  if (candidate === undefined || baseline === undefined) return undefined;
  return { candidate, baseline };
}

function slowOf(histogram: HistogramReading, bound: string): CounterReading | undefined {
  const requests = histogram[everything];
  const fast = histogram[bound];
  if (requests === undefined || fast === undefined) return undefined;
  const events = Object.entries(requests).map(([name, total]) => [name, Math.max(0, total - (fast[name] ?? 0))] as const);
  return { requests, events: Object.fromEntries(events) };
}

function finiteBounds(histogram: HistogramReading): readonly string[] {
  return Object.keys(histogram)
    .filter((bound) => Number.isFinite(Number(bound)))
    .sort((left, right) => Number(left) - Number(right));
}
