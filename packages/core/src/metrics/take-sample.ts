import { countsOfReadings, histogramsOfReadings, type CountReadings, type MetricQueries } from "../analysis/reading.js";
import type { Measurement, Sample, Sides } from "../analysis/measurement.js";
import type { CallOptions } from "../contract/call.js";
import type { MetricReading, MetricSource } from "../contract/metrics.js";
import { serializeError } from "../errors/fairlead-error.js";
import type { Duration } from "../time/duration.js";

/** What is asked of whom, to have one metric; or how it is measured in another way. */
export type MeasuredMetric =
  { readonly source: MetricSource; readonly queries: MetricQueries } | { readonly measure: (call: CallOptions) => Promise<Measurement> };

/** What one look is about. */
export interface Look {
  readonly metrics: Readonly<Record<string, MeasuredMetric>>;
  /** The releases that are compared. Without a baseline only limits can be judged. */
  readonly releases: Sides<string>;
  /** The moment of the look, in milliseconds since the epoch, and the time since the one before. */
  readonly at: number;
  readonly window: Duration;
}

/** Asks for all metrics at once and makes a sample of the answers. What cannot be asked is a trouble of its metric; rejects only when its signal aborts. */
export async function takeSample({ metrics, releases, at, window }: Look, call: CallOptions): Promise<Sample> {
  const measured = await Promise.all(
    Object.entries(metrics).map(async ([name, metric]) => {
      const measured = (): Promise<Measurement> => {
        if ("measure" in metric) return metric.measure(call);
        const ask = (query: string) => (release: string) => metric.source.query({ query, release, window, at }, call);
        return measure(metric.queries, { ask, releases });
      };
      return [name, await measured().catch(troubleOf)] as const;
    }),
  );
  call.signal.throwIfAborted();
  return { at, metrics: Object.fromEntries(measured) };
}

async function measure(
  queries: MetricQueries,
  { ask, releases }: { readonly ask: (query: string) => (release: string) => Promise<MetricReading>; readonly releases: Sides<string> },
): Promise<Measurement> {
  if ("histogram" in queries) return histogramsOfReadings(await ofBoth(releases, ask(queries.histogram)));
  const counts = async (release: string): Promise<CountReadings> => {
    const [requests, events] = await Promise.all([ask(queries.requests)(release), ask(queries.events)(release)]);
    return { requests, events };
  };
  return countsOfReadings(await ofBoth(releases, counts), queries);
}

async function ofBoth<Reading>(
  { candidate, baseline }: Sides<string>,
  read: (release: string) => Promise<Reading>,
): Promise<Sides<Reading>> {
  if (baseline === undefined) return { candidate: await read(candidate) };
  const [ofCandidate, ofBaseline] = await Promise.all([read(candidate), read(baseline)]);
  return { candidate: ofCandidate, baseline: ofBaseline };
}

function troubleOf(error: unknown): Measurement {
  return { kind: "trouble", problem: serializeError(error).message };
}
