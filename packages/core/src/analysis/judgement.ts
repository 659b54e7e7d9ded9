import type { Count } from "./account.js";
import type { Decision } from "./decide.js";
import type { Interval } from "./evidence.js";
import type { Question } from "./measurement.js";

/** What is known about one metric. JSON-safe. */
export interface MetricJudgement {
  readonly name: string;
  /** What this metric alone says. */
  readonly verdict: "good" | "bad" | "unclear";
  /** In words. */
  readonly text: string;
  readonly candidate: Count;
  /** Of a metric that is held against a limit there is none. */
  readonly baseline?: Count;
  /** How many times as often as on the baseline, or as is allowed. Not there while nothing went wrong on the baseline. At most 1e12. */
  readonly estimate?: number;
  /** Holds the true ratio at all looks together with a chance of 95 %. */
  readonly interval: Interval;
  /** How many times likelier the counts are if the candidate is worse than if it is not. At most 1e12. */
  readonly evidence: number;
  /** Looks with data. */
  readonly samples: number;
  /** From which duration on a request counts as slow: the bound of the histogram, once it is known. */
  readonly bound?: string;
  /** Why the last look brought nothing. */
  readonly problem?: string;
  readonly asked: readonly Question[];
}

/** What the judge says, and why. JSON-safe. */
export interface Judgement extends Decision {
  /** Whether more samples change nothing. */
  readonly settled: boolean;
  /** In words. */
  readonly text: string;
  /** The evidence of all metrics together, in which what is not worth a failure counts nothing; and how much fails a candidate. */
  readonly evidence: number;
  readonly needed: number;
  /** Milliseconds since the first look, and how many looks there were. */
  readonly elapsed: number;
  readonly looks: number;
  readonly metrics: readonly MetricJudgement[];
}
