import type { JudgeOptions, MetricQueries } from "../analysis/index.js";
import type { PlanStep } from "../contract/plan.js";
import type { JsonObject } from "../json/json.js";
import { formatMilliseconds } from "../time/duration.js";
import { gateStep } from "./step.js";

/** What a candidate is judged by, with every default filled in. Data only: the plan pins it, and whoever goes on with the deployment judges by it. */
export interface AnalysisSpec {
  readonly judge: JudgeOptions;
  /** What is asked of which plugin, by metric; `traffic`: what a router counts. */
  readonly queries: Readonly<Record<string, { readonly source: string; readonly queries: MetricQueries | "traffic" }>>;
  /** Between two looks, in milliseconds. */
  readonly every: number;
  /** `proceed`: what cannot be told is left to the checks. */
  readonly onInconclusive: "pause" | "proceed";
  /** How long a person's word is waited for, in milliseconds. */
  readonly decideWithin: number;
}

/** Most one look may take, in milliseconds. Sources are given less. */
const lookTimeout = 30_000;

/**
 * A step that judges the new release by its metrics, look after look, and waits between them. Pure. With `baseline` it is held against the release that serves beside it; without, only against limits.
 * `candidates` are asked for their health where what cannot be told is left to it.
 */
export function analysisStep(fields: {
  readonly id: string;
  readonly stage: PlanStep["stage"];
  readonly component?: string;
  readonly analysis: AnalysisSpec;
  readonly baseline: boolean;
  /** By component: the candidate, or `{ $output }` of the step that makes it. */
  readonly candidates: JsonObject;
  /** Default: the metrics by name, and for how long. */
  readonly description?: string;
}): PlanStep {
  const { id, stage, component, analysis, baseline, candidates } = fields;
  const step = gateStep({
    id,
    stage,
    operation: "gate.analysis",
    description: fields.description ?? describe(analysis),
    timeout: lookTimeout,
  });
  // JSON, though its types do not say so.
  const input = { analysis: analysis as unknown as JsonObject, baseline, candidates };
  return { ...step, ...(component === undefined ? {} : { component }), input };
}

function describe({ judge, every, onInconclusive, decideWithin }: AnalysisSpec): string {
  const undecided =
    onInconclusive === "proceed"
      ? "the checks decide what it cannot tell"
      : `a person has ${formatMilliseconds(decideWithin)} for what it cannot tell`;
  return `judge ${Object.keys(judge.metrics).join(", ")} every ${formatMilliseconds(every)} for at most ${judge.for}; ${undecided}`;
}
