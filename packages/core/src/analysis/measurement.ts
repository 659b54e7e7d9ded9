import type { Count } from "./account.js";
import type { CounterReading, Totals } from "./counter.js";

/** Running totals of one side by how long requests took at most, as Prometheus counts them: by seconds as text, and by `+Inf` for all. */
export type HistogramReading = Readonly<Record<string, Totals>>;

/** What was asked, for people. */
export interface Question {
  readonly query: string;
  /** Where a person can look at it. */
  readonly link?: string;
}

/** One side, or both. Without a baseline only a limit can be judged. */
export interface Sides<Reading> {
  readonly candidate: Reading;
  readonly baseline?: Reading;
}

/**
 * What was found out about one metric in one look: how much was counted since the look before, running totals, or running totals by duration; or that it could not be measured. A side that answered nothing is
 * left out, with everything else of its metric: that is no data, which is neither zero nor well.
 */
export type Measurement = { readonly asked?: readonly Question[] } & (
  | { readonly kind: "counts"; readonly sides: Sides<Count> }
  | { readonly kind: "counters"; readonly sides: Sides<CounterReading> }
  | { readonly kind: "histograms"; readonly sides: Sides<HistogramReading> }
  | { readonly kind: "nothing"; readonly problem: string }
  | { readonly kind: "trouble"; readonly problem: string }
);

/** One look at all metrics. */
export interface Sample {
  /** When, in milliseconds on any clock. A sample that is not later than the last one is ignored, so that one may be given again after a crash. */
  readonly at: number;
  /** A metric that is left out has no data. */
  readonly metrics: Readonly<Record<string, Measurement>>;
}
