import { logEvidenceOfTolerable, logEvidenceOfWorse, measuredRatio } from "./evidence.js";
import type { MetricState } from "./metric-state.js";
import type { JudgeSettings, MetricSettings } from "./options.js";

/** Why it was decided so. */
export type Reason =
  /** Fail: a guardrail was exceeded. */
  | "guardrail"
  /** Fail: worse than the baseline, or above the limit, beyond doubt. */
  | "worse"
  /** Pass: shown to be as good as is tolerated. */
  | "shown"
  /** Pass: watched for the whole time, and nothing speaks against it. */
  | "watched"
  /** Inconclusive: worse as measured, and too likely so to pass, but not beyond doubt. */
  | "suspicious"
  /** Inconclusive: too little was measured. */
  | "insufficient_data"
  /** Inconclusive: it could not be measured. */
  | "provider_error"
  /** Inconclusive: the time is not up. */
  | "in_progress";

export interface Decision {
  readonly verdict: "pass" | "fail" | "inconclusive";
  readonly reason: Reason;
  /** The metrics that made it so. */
  readonly because: readonly string[];
}

/** Evidence above which nothing passes when the time is up: chance alone brings it with one good candidate in twenty. */
const suspicion = Math.log(20);

/** A metric, what is known about it and what is wanted of it. */
export interface Judged {
  readonly settings: MetricSettings;
  readonly state: MetricState;
}

/** What follows from all that was measured; nothing while the time is not up and nothing is beyond doubt. */
export function decide(judged: readonly Judged[], elapsed: number, settings: JudgeSettings): Decision | undefined {
  const crashed = judged.filter(isAboveGuardrail);
  if (crashed.length > 0) return { verdict: "fail", reason: "guardrail", because: namesOf(crashed) };

  const { evidence, leading } = jointEvidence(judged);
  if (evidence >= settings.enoughToFail) return { verdict: "fail", reason: "worse", because: namesOf(leading) };

  const unmeasurable = judged.filter(({ state }) => state.troubles > settings.troubles);
  if (unmeasurable.length > 0) return { verdict: "inconclusive", reason: "provider_error", because: namesOf(unmeasurable) };

  const poor = judged.filter((metric) => !hasEnough(metric, settings));
  const isShown = ({ state, settings: { below } }: Judged): boolean =>
    logEvidenceOfTolerable(state.account, below) >= settings.enoughToPass;
  if (poor.length === 0 && settings.enoughToPass < Infinity && judged.every(isShown))
    return { verdict: "pass", reason: "shown", because: [] };

  if (elapsed < settings.for) return undefined;
  if (poor.length > 0) return { verdict: "inconclusive", reason: "insufficient_data", because: namesOf(poor) };
  if (evidence >= suspicion) return { verdict: "inconclusive", reason: "suspicious", because: namesOf(leading) };
  return { verdict: "pass", reason: "watched", because: [] };
}

/**
 * The evidence of all metrics together: its mean, which no chance makes large more often than that of one metric, however the metrics depend on each other. One metric alone so needs as many times the evidence as there
 * are metrics; several that are a little worse help each other. What is not worth a failure counts nothing.
 */
export function jointEvidence(judged: readonly Judged[]): { readonly evidence: number; readonly leading: readonly Judged[] } {
  const all = judged.map((metric) => ({ metric, evidence: relevantEvidence(metric) }));
  const most = all.reduce((largest, { evidence }) => Math.max(largest, evidence), -Infinity);
  if (most === -Infinity) return { evidence: most, leading: [] };
  const sum = all.reduce((total, { evidence }) => total + Math.exp(evidence - most), 0);
  const leading = all.filter(({ evidence }) => evidence >= most - Math.LN10).map(({ metric }) => metric);
  return { evidence: most + Math.log(sum / judged.length), leading };
}

/** Whether a metric has what a pass needs: requests on both sides, often enough, up to now. */
export function hasEnough({ state, settings }: Judged, { samples, troubles }: JudgeSettings): boolean {
  if (state.samples < samples || state.silent > troubles || state.candidate.requests < settings.requests) return false;
  return settings.limit !== undefined || state.baseline.requests >= settings.requests;
}

export function isAboveGuardrail({ state, settings }: Judged): boolean {
  return settings.guardrail !== undefined && state.guardrail.inRow >= settings.guardrail.samples;
}

function relevantEvidence({ state, settings }: Judged): number {
  const { account, candidate } = state;
  if (account.over === 0) return -Infinity;
  const ratio = measuredRatio(account) ?? Infinity;
  const isRelevant = ratio >= settings.tolerance && candidate.events >= settings.negligible * candidate.requests;
  return isRelevant ? logEvidenceOfWorse(account) : -Infinity;
}

function namesOf(judged: readonly Judged[]): readonly string[] {
  return judged.map(({ settings }) => settings.name);
}
