import { createJudge } from "../analysis/index.js";
import type { AnyPlugin } from "../contract/plugin.js";
import { isFairleadError } from "../errors/fairlead-error.js";
import { analysisSpec, type AnalysisMetricOptions, type AnalysisOptions } from "./analysis-options.js";
import type { ConfigurationProblem } from "./problem.js";

/** What keeps an analysis from judging anything. Its options have the right shape. With `baseline`, the release before serves beside the one that is judged. */
export function analysisProblems(
  plugins: readonly AnyPlugin[],
  place: string,
  options: AnalysisOptions,
  { baseline }: { readonly baseline: boolean },
): readonly ConfigurationProblem[] {
  const sources = plugins.filter(({ provides }) => provides.includes("metrics")).map(({ name }) => name);
  return [
    ...Object.entries(options.metrics).flatMap(([name, metric]) => [
      ...(metric.queries === "traffic"
        ? trafficProblems(`${place}.metrics.${name}`, metric, baseline)
        : sourceProblems(`${place}.metrics.${name}`, metric.source, sources)),
      ...(baseline || (metric.against !== undefined && metric.against !== "baseline") ? [] : [withoutBaseline(`${place}.metrics.${name}`)]),
    ]),
    ...judgeProblems(place, options, sources),
  ];
}

/** A router counts while it sends shares, and requests and errors only. */
function trafficProblems(place: string, { source, percentile }: AnalysisMetricOptions, baseline: boolean): readonly ConfigurationProblem[] {
  const problems: ConfigurationProblem[] = [];
  if (!baseline)
    problems.push({
      place: `${place}.queries`,
      problem: "asks the router, which sends no shares any more once the release serves.",
      remedy: "Judge by it in `canary({ analysis })`, or ask a source of metrics.",
    });
  if (source !== undefined)
    problems.push({ place: `${place}.source`, problem: 'stands beside `queries: "traffic"`.', remedy: "Keep one of them." });
  if (percentile !== undefined)
    problems.push({
      place: `${place}.percentile`,
      problem: "is about durations, and a router counts requests and errors.",
      remedy: "Leave it out, or ask a source of metrics for a `histogram`.",
    });
  return problems;
}

function withoutBaseline(place: string): ConfigurationProblem {
  return {
    place,
    problem: "is held against the release before, which has no traffic any more once this one serves.",
    remedy: "Say what is allowed, e.g. `against: { limit: 0.01 }`.",
  };
}

function sourceProblems(place: string, source: string | undefined, sources: readonly string[]): readonly ConfigurationProblem[] {
  if (source === undefined ? sources.length === 1 : sources.includes(source)) return [];
  const known = sources.length === 0 ? "Add a plugin that provides metrics, e.g. prometheus({ … })." : `Use one of: ${sources.join(", ")}.`;
  const problem =
    source === undefined
      ? `names no source, and ${sources.length === 0 ? "no plugin provides" : "several plugins provide"} metrics.`
      : `names "${source}", which provides no metrics.`;
  return [{ place: `${place}.source`, problem, remedy: known }];
}

function judgeProblems(place: string, options: AnalysisOptions, sources: readonly string[]): readonly ConfigurationProblem[] {
  try {
    createJudge(analysisSpec(options, { sources }).judge);
    return [];
  } catch (error) {
    if (!isFairleadError(error, "ANALYSIS_INVALID")) throw error;
    return [
      { place: `${place}.${error.data.option}`, problem: `is not valid: ${error.data.problem}`, remedy: "Correct it, or leave it out." },
    ];
  }
}
