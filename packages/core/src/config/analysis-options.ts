import type { JudgeOptions, MetricOptions, MetricQueries } from "../analysis/index.js";
import type { AnalysisSpec } from "../plan/index.js";
import { toMilliseconds, type Duration } from "../time/duration.js";

/** One metric that a release is judged by. */
export interface AnalysisMetricOptions<Source extends string = string> extends MetricOptions {
  /** What is asked about a release; `$release` and `$window` are filled in. `"traffic"`, for a canary: requests and errors as the router counts them that sends the shares. */
  readonly queries: MetricQueries | "traffic";
  /** Name of the plugin that is asked. Default: the only one that provides `metrics`. Not of `"traffic"`. */
  readonly source?: Source;
}

/** How a release is judged by its metrics. */
export interface AnalysisOptions<Source extends string = string> extends Omit<JudgeOptions, "metrics"> {
  /** All must be well for a pass; one that is not takes the release back. */
  readonly metrics: Readonly<Record<string, AnalysisMetricOptions<Source>>>;
  /** Between two looks; not less than it takes the source to know of a request, e.g. two scrapes. Default `30s`. */
  readonly every?: Duration;
  /**
   * What becomes of a release of which the time is up and nothing can be told. `pause` (default): it is left as it is until a person says `advance`, and taken back when nobody does. `proceed`: it goes on if the
   * checks are up, else it is paused too.
   */
  readonly onInconclusive?: "pause" | "proceed";
  /** How long that person has. Default `1h`. */
  readonly decideWithin?: Duration;
}

/** Who can be asked. */
export interface AnalysisSources {
  /** The plugins that provide metrics. */
  readonly sources: readonly string[];
  /** The plugin that sends the shares of what is judged, where there are shares. */
  readonly router?: string;
}

/** Fills in the defaults. The options have been checked. */
export function analysisSpec(options: AnalysisOptions, { sources, router }: AnalysisSources): AnalysisSpec {
  const { metrics, every = "30s", onInconclusive = "pause", decideWithin = "1h", ...judge } = options;
  const entries = Object.entries(metrics).map(([name, { queries, source = sources[0], ...metric }]) => ({
    name,
    queries,
    source: (queries === "traffic" ? router : source) ?? "",
    metric,
  }));
  return {
    judge: { ...judge, metrics: Object.fromEntries(entries.map(({ name, metric }) => [name, metric])) },
    queries: Object.fromEntries(entries.map(({ name, queries, source }) => [name, { source, queries }])),
    every: toMilliseconds(every),
    onInconclusive,
    decideWithin: toMilliseconds(decideWithin),
  };
}
