import type { MetricReading, MetricSeries } from "../contract/metrics.js";
import type { CounterReading, Totals } from "./counter.js";
import type { HistogramReading, Measurement, Question, Sides } from "./measurement.js";

/** What is asked about each release, to have a metric. `$release` and `$window` in a query are filled in. */
export type MetricQueries =
  | {
      /** All requests. */
      readonly requests: string;
      /** Those that count against the release. */
      readonly events: string;
      /**
       * What it means if `events` answers nothing while `requests` does. Default `"unknown"`: a misspelt query looks the same. Say `"zero"` where a counter is not there before the first event, or let
       * the query say it itself: `… or vector(0)`.
       */
      readonly noEvents?: "unknown" | "zero";
    }
  | {
      /** Running totals of requests by their label `le`, as Prometheus counts them: not longer than so many seconds. Keep the label. */
      readonly histogram: string;
    };

/** What a source answered about one side. */
export interface CountReadings {
  readonly requests: MetricReading;
  readonly events: MetricReading;
}

/** Makes of what a source answered what the judge is given. */
export function countsOfReadings(
  readings: Sides<CountReadings>,
  { noEvents = "unknown" }: Extract<MetricQueries, { requests: string }>,
): Measurement {
  const asked = askedOf([readings.candidate.requests, readings.candidate.events]);
  const sides = [readings.candidate, ...(readings.baseline === undefined ? [] : [readings.baseline])];
  for (const [index, { requests, events }] of sides.entries()) {
    const side = index === 0 ? "the candidate" : "the baseline";
    if (requests.series.length === 0) return { kind: "nothing", problem: `no data about requests to ${side}`, asked };
    if (events.series.length === 0 && noEvents === "unknown")
      return {
        kind: "nothing",
        problem: `no data about events on ${side}; if that means that there were none, say so: \`noEvents: "zero"\``,
        asked,
      };
  }
  const kinds = new Set(
    sides.flatMap(({ requests, events }) => [requests, ...(events.series.length === 0 ? [] : [events])].map(({ counts }) => counts)),
  );
  if (kinds.size > 1) return { kind: "trouble", problem: "one query counts within the window and another since ever", asked };
  return kinds.has("running")
    ? { kind: "counters", sides: eachSide(readings, totalsOf), asked }
    : {
        kind: "counts",
        sides: eachSide(readings, ({ requests, events }) => ({ requests: sumOf(requests), events: sumOf(events) })),
        asked,
      };
}

/** The same of histograms. */
export function histogramsOfReadings(readings: Sides<MetricReading>): Measurement {
  const asked = askedOf([readings.candidate]);
  const sides = [readings.candidate, ...(readings.baseline === undefined ? [] : [readings.baseline])];
  if (sides.some(({ series }) => series.length === 0)) return { kind: "nothing", problem: "no histogram of one of the sides", asked };
  if (sides.some(({ series }) => series.some(({ labels }) => labels["le"] === undefined)))
    return { kind: "trouble", problem: "the histogram has no label `le`", asked };
  if (sides.some(({ counts }) => counts === "window"))
    return { kind: "trouble", problem: "a histogram is asked for without a window", asked };
  return { kind: "histograms", sides: eachSide(readings, ({ series }) => histogramOf(series)), asked };
}

function eachSide<From, To>({ candidate, baseline }: Sides<From>, change: (side: From) => To): Sides<To> {
  return { candidate: change(candidate), ...(baseline === undefined ? {} : { baseline: change(baseline) }) };
}

function totalsOf({ requests, events }: CountReadings): CounterReading {
  const totals = ({ series }: MetricReading): Totals => Object.fromEntries(series.map(({ labels, value }) => [nameOf(labels), value]));
  return { requests: totals(requests), events: totals(events) };
}

function histogramOf(series: readonly MetricSeries[]): HistogramReading {
  const histogram: Record<string, Record<string, number>> = {};
  for (const { labels, value } of series) {
    const { le = "", ...rest } = labels;
    (histogram[le] ??= {})[nameOf(rest)] = value;
  }
  return histogram;
}

function nameOf(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(labels).sort(([left], [right]) => (left < right ? -1 : 1)));
}

function sumOf({ series }: MetricReading): number {
  return series.reduce((sum, { value }) => sum + value, 0);
}

function askedOf(readings: readonly MetricReading[]): readonly Question[] {
  return readings.map(({ query, link }) => ({ query, ...(link === undefined ? {} : { link }) }));
}
