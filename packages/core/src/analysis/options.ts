import { analysisErrors } from "../errors/analysis-errors.js";
import { fail } from "../errors/fairlead-error.js";
import { isDuration, toMilliseconds, type Duration } from "../time/duration.js";
import { weightsBelow, type Weights } from "./ratios.js";

/** A bound that needs no baseline and no statistics. */
export interface GuardrailOptions {
  /** The share of requests that may count against the candidate, from 0 to 1. */
  readonly rate: number;
  /** How often in a row it must be exceeded. Default 2. */
  readonly samples?: number;
  /** Requests that make a sample; looks with fewer are taken together. Default 10. */
  readonly requests?: number;
}

export interface MetricOptions {
  /** What the candidate is held against: what serves at the same time, or a share of requests from 0 to 1 that is allowed. Default `"baseline"`. */
  readonly against?: "baseline" | { readonly limit: number };
  /** Makes it a metric of latency: requests count that took longer than this share of the baseline's did, e.g. 0.95. Measured by histograms. */
  readonly percentile?: number;
  /** How many times as often as on the baseline is still tolerated; at least 1. Default 1.5. Only a candidate that is worse beyond doubt *and* was measured above this fails. A limit tolerates nothing above it. */
  readonly tolerance?: number;
  /** A candidate on which less than this share of requests counts never fails, however much better the baseline is. Default 0.0005. */
  readonly negligible?: number;
  /** Fails at once. Default `{ rate: 0.2 }` for errors against a baseline, none otherwise. */
  readonly guardrail?: GuardrailOptions | false;
  /** Requests that each side must have had before anything passes. Default 100. */
  readonly requests?: number;
}

export interface JudgeOptions {
  /** All must be well for a pass; one that is not makes a failure. */
  readonly metrics: Readonly<Record<string, MetricOptions>>;
  /** How long a candidate is watched at most. */
  readonly for: Duration;
  /** The chance that a candidate that is no worse is ever failed: over all looks and all metrics together. Default 0.01. */
  readonly falseAlarm?: number;
  /** The chance that a candidate that is worse than tolerated passes before the time is up. 0 never passes one early. Default 0.05. */
  readonly falsePass?: number;
  /** Looks with data that a metric must have had before anything passes. Default 3. */
  readonly samples?: number;
  /** Looks in a row at which a metric could not be measured, above which the analysis ends without a verdict. Default 4. */
  readonly troubles?: number;
}

/** The options of a metric with all defaults, and what follows from them. */
export interface MetricSettings {
  readonly name: string;
  readonly limit: number | undefined;
  readonly percentile: number | undefined;
  readonly tolerance: number;
  readonly below: Weights;
  readonly negligible: number;
  readonly guardrail: Required<GuardrailOptions> | undefined;
  readonly requests: number;
}

export interface JudgeSettings {
  readonly metrics: readonly MetricSettings[];
  readonly for: number;
  readonly falseAlarm: number;
  /** Evidence that fails a candidate, and evidence that passes a metric early; as logarithms. */
  readonly enoughToFail: number;
  readonly enoughToPass: number;
  readonly samples: number;
  readonly troubles: number;
}

/** Fills in what is left out. Throws `ANALYSIS_INVALID`. */
export function toSettings(options: JudgeOptions): JudgeSettings {
  const { falseAlarm = 0.01, falsePass = 0.05, samples = 3, troubles = 4 } = options;
  const metrics = Object.entries(options.metrics).map(([name, metric]) => toMetricSettings(name, metric));
  demand(metrics.length > 0, "metrics", "name at least one metric.");
  demand(isDuration(options.for) && toMilliseconds(options.for) > 0, "for", 'expected a duration, e.g. "10m".');
  demand(falseAlarm > 0 && falseAlarm <= 0.5, "falseAlarm", "expected a chance above 0 and up to 0.5.");
  demand(falsePass >= 0 && falsePass <= 0.5, "falsePass", "expected a chance from 0 to 0.5.");
  demand(Number.isInteger(samples) && samples >= 1, "samples", "expected a whole number from 1.");
  demand(Number.isInteger(troubles) && troubles >= 0, "troubles", "expected a whole number.");
  return {
    metrics,
    for: toMilliseconds(options.for),
    falseAlarm,
    enoughToFail: -Math.log(falseAlarm),
    enoughToPass: -Math.log(falsePass),
    samples,
    troubles,
  };
}

function toMetricSettings(name: string, metric: MetricOptions): MetricSettings {
  const { against = "baseline", percentile, negligible = 0.0005, requests = 100 } = metric;
  const limit = against === "baseline" ? undefined : against.limit;
  const tolerance = limit === undefined ? (metric.tolerance ?? 1.5) : 1;
  const place = (option: string): string => `metrics.${name}.${option}`;
  if (limit !== undefined) {
    demand(limit > 0 && limit < 1, place("against.limit"), "expected a share of requests between 0 and 1.");
    demand(metric.tolerance === undefined, place("tolerance"), "a limit tolerates nothing above it; leave it out.");
    demand(percentile === undefined, place("percentile"), "it is the baseline's: leave `against` out.");
  }
  demand(percentile === undefined || (percentile > 0 && percentile < 1), place("percentile"), "expected a share, e.g. 0.95.");
  demand(tolerance >= 1 && tolerance <= 64, place("tolerance"), "expected a ratio from 1 to 64.");
  demand(negligible >= 0 && negligible < 1, place("negligible"), "expected a share of requests from 0 to 1.");
  demand(requests >= 1 && Number.isFinite(requests), place("requests"), "expected a number from 1.");
  return { name, limit, percentile, tolerance, below: weightsBelow(tolerance), negligible, guardrail: toGuardrail(name, metric), requests };
}

function toGuardrail(name: string, { guardrail, against = "baseline", percentile }: MetricOptions): Required<GuardrailOptions> | undefined {
  if (guardrail === false || (guardrail === undefined && (against !== "baseline" || percentile !== undefined))) return undefined;
  const settings = { samples: 2, requests: 10, ...(guardrail ?? { rate: 0.2 }) };
  const place = (option: string): string => `metrics.${name}.guardrail.${option}`;
  demand(settings.rate > 0 && settings.rate < 1, place("rate"), "expected a share of requests between 0 and 1.");
  demand(Number.isInteger(settings.samples) && settings.samples >= 1, place("samples"), "expected a whole number from 1.");
  demand(settings.requests >= 1 && Number.isFinite(settings.requests), place("requests"), "expected a number from 1.");
  return settings;
}

function demand(holds: boolean, option: string, problem: string): void {
  if (!holds) throw fail(analysisErrors, "ANALYSIS_INVALID", { option, problem });
}
