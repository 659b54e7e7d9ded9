import { hasEnough, isAboveGuardrail, jointEvidence, type Decision, type Judged } from "./decide.js";
import { intervalOf, logEvidenceOfWorse, measuredRatio } from "./evidence.js";
import { explainDecision, explainMetric } from "./explain.js";
import type { Judgement, MetricJudgement } from "./judgement.js";
import type { JudgeSettings } from "./options.js";

/** A number that JSON can hold and people can read. */
const most = 1e12;

/** Writes out what was decided. */
export function toJudgement(
  judged: readonly Judged[],
  progress: { readonly elapsed: number; readonly looks: number; readonly decision: Decision | undefined },
  settings: JudgeSettings,
): Judgement {
  const decision = progress.decision ?? { verdict: "inconclusive", reason: "in_progress", because: [] };
  const metrics = judged.map((metric) => toMetricJudgement(metric, decision, settings));
  const needed = 1 / settings.falseAlarm;
  const evidence = Math.min(most, Math.exp(jointEvidence(judged).evidence));
  return {
    ...decision,
    settled: progress.decision !== undefined,
    text: explainDecision(decision, { metrics, elapsed: progress.elapsed, looks: progress.looks }, settings),
    evidence,
    needed,
    elapsed: progress.elapsed,
    looks: progress.looks,
    metrics,
  };
}

function verdictOf(metric: Judged, decision: Decision, judge: JudgeSettings): MetricJudgement["verdict"] {
  const isCause = decision.because.includes(metric.settings.name);
  if (isCause && decision.verdict === "fail") return "bad";
  return hasEnough(metric, judge) && !isCause ? "good" : "unclear";
}

function toMetricJudgement(metric: Judged, decision: Decision, judge: JudgeSettings): MetricJudgement {
  const { state, settings } = metric;
  const estimate = measuredRatio(state.account);
  const said = {
    name: settings.name,
    verdict: verdictOf(metric, decision, judge),
    candidate: state.candidate,
    ...(settings.limit === undefined ? { baseline: state.baseline } : {}),
    ...(estimate === undefined ? {} : { estimate: Math.min(most, estimate) }),
    interval: intervalOf(state.account, 0.05),
    evidence: Math.min(most, Math.exp(logEvidenceOfWorse(state.account))),
    samples: state.samples,
    ...(state.slowness !== undefined && "bound" in state.slowness ? { bound: state.slowness.bound } : {}),
    ...(state.problem === undefined ? {} : { problem: state.problem }),
    asked: state.asked ?? [],
  };
  return { ...said, text: explainMetric(said, { settings, aboveGuardrail: isAboveGuardrail(metric), judge }) };
}
