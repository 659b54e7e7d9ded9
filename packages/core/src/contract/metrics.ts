import type { Duration } from "../time/duration.js";
import type { CallOptions } from "./call.js";

/** What a source of metrics is asked. */
export interface MetricQuestion {
  /** In the language of the source. It may hold `$release` and `$window`, which the source fills in. */
  readonly query: string;
  /** The release that is asked about. */
  readonly release: string;
  /** How far back the answer goes, where the query asks about a length of time. */
  readonly window: Duration;
  /** The moment it is asked for, in milliseconds since the epoch, so that several questions are about the same. */
  readonly at: number;
}

/** One number of an answer. */
export interface MetricSeries {
  /** What tells it from the other series of the same answer. */
  readonly labels: Readonly<Record<string, string>>;
  /** Always finite. */
  readonly value: number;
}

/** What a source has answered. */
export interface MetricReading {
  /** None at all where there is no data: that is not zero. */
  readonly series: readonly MetricSeries[];
  /** Whether the numbers are running totals, which begin anew when an instance does, or what was counted within the window. */
  readonly counts: "running" | "window";
  /** The query as it was asked, for people. */
  readonly query: string;
  /** Where a person can look at it. Holds nothing that the source is asked with. */
  readonly link?: string;
}

/** Where the numbers come from by which a candidate is judged. */
export interface MetricSource {
  /** Rejects where the source cannot be asked or does not understand the query; never answers numbers then, nor an empty answer. */
  query(question: MetricQuestion, call: CallOptions): Promise<MetricReading>;
}
