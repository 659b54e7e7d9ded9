import type { MetricReading, MetricSeries, MetricSource } from "@fairlead/core";
import { recordedCall } from "../call.js";
import type { Fixture } from "../suite.js";

/** What a source is given to answer. */
export interface PlantedMetric {
  readonly release: string;
  readonly series: readonly MetricSeries[];
}

export interface MetricsFixture extends Fixture {
  readonly source: MetricSource;
  /** A query that answers what was put for the release that is asked about, as running totals. */
  readonly query: string;
  /** The same as what was counted within the window. Left out where the source knows totals only. */
  readonly windowQuery?: string;
  /** A query that the source does not understand. Left out where it takes every query. */
  readonly brokenQuery?: string;
  /** The moment that is asked for, in milliseconds since the epoch. Default: that of any clock. */
  readonly at?: number;
  /** From now on the source answers this for the query, and nothing for other releases. What it answers is awaited. */
  readonly put: (metrics: readonly PlantedMetric[]) => unknown;
  /** From now on the source cannot be asked. Left out where it always can. */
  readonly outage?: () => unknown;
  /** From now on the source is asked and never answers. Left out where it cannot happen. */
  readonly silence?: () => unknown;
  /** What the source is asked with, which nobody may see. */
  readonly credentials?: readonly string[];
}

/** Asks about a release, with time enough. */
export function ask(
  { source, query, at = 1_700_000_000_000 }: MetricsFixture,
  given: { readonly release?: string; readonly query?: string; readonly call?: ReturnType<typeof recordedCall> } = {},
): Promise<MetricReading> {
  return source.query({ query: given.query ?? query, release: given.release ?? "rel_1", window: "60s", at }, given.call ?? recordedCall());
}

/** Series in an order of their own, so that answers can be compared. */
export function inOrder(series: readonly MetricSeries[]): readonly MetricSeries[] {
  const keyOf = ({ labels }: MetricSeries): string => JSON.stringify(Object.entries(labels).sort());
  return [...series].sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
}
