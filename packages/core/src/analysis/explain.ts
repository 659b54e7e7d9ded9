import type { Decision } from "./decide.js";
import type { MetricJudgement } from "./judgement.js";
import type { JudgeSettings, MetricSettings } from "./options.js";
import { formatMilliseconds } from "../time/duration.js";
import { counted, percentage, significant, times } from "./words.js";

type MetricFacts = Omit<MetricJudgement, "text">;

interface WholeFacts {
  readonly metrics: readonly MetricJudgement[];
  readonly elapsed: number;
  readonly looks: number;
}

/** What the judge says of all, in words. */
export function explainDecision({ reason, because }: Decision, { metrics, elapsed, looks }: WholeFacts, settings: JudgeSettings): string {
  const causes = metrics.filter(({ name }) => because.includes(name)).map(({ text }) => text);
  const time = `${formatMilliseconds(elapsed)} and ${counted(looks, "look")}`;
  const beginnings: Readonly<Record<Decision["reason"], string>> = {
    guardrail: `The candidate is beyond what is allowed anyone, after ${time}.`,
    worse: `The candidate is worse, beyond doubt, after ${time}.`,
    shown: `The candidate is shown to be as good as is tolerated, after ${time}.`,
    watched: `The candidate was watched for ${time}; nothing speaks against it.`,
    suspicious: `The candidate looks worse after ${time}, but not beyond doubt.`,
    insufficient_data: `Too little was measured in ${time} to say more.`,
    provider_error: "It could not be measured.",
    in_progress: `The candidate has been watched for ${formatMilliseconds(elapsed)} of ${formatMilliseconds(settings.for)}; nothing is beyond doubt yet.`,
  };
  return [beginnings[reason], ...(causes.length > 0 ? causes : metrics.map(({ text }) => text))].join("\n");
}

/** What is known about one metric, in words. */
export function explainMetric(
  facts: MetricFacts,
  context: { readonly settings: MetricSettings; readonly aboveGuardrail: boolean; readonly judge: JudgeSettings },
): string {
  const { settings, aboveGuardrail, judge } = context;
  const parts = [`${facts.name}: ${countsOf(facts, settings)}.`];
  if (aboveGuardrail && settings.guardrail !== undefined) {
    parts.push(`More than ${percentage(settings.guardrail.rate, 1)}, ${counted(settings.guardrail.samples, "time")} in a row.`);
  }
  if (facts.candidate.requests > 0 && (facts.baseline === undefined || facts.baseline.requests > 0)) {
    parts.push(ratioOf(facts, settings), evidenceOf(facts, settings, judge));
  }
  if (facts.problem !== undefined) parts.push(`The last look brought nothing: ${facts.problem}.`);
  return parts.join(" ");
}

function countsOf({ candidate, baseline, bound }: MetricFacts, { limit }: MetricSettings): string {
  const against = bound === undefined ? "" : ` slower than ${bound} s`;
  const candidateText = `${significant(candidate.events)} of ${counted(candidate.requests, "request")} (${percentage(candidate.events, candidate.requests)})${against} on the candidate`;
  return baseline === undefined
    ? `${candidateText}, ${percentage(limit ?? 0, 1)} is allowed`
    : `${candidateText}, ${significant(baseline.events)} of ${significant(baseline.requests)} (${percentage(baseline.events, baseline.requests)}) on the baseline`;
}

function ratioOf({ estimate, interval, candidate }: MetricFacts, { limit, tolerance }: MetricSettings): string {
  const than = limit === undefined ? "the baseline's" : "what is allowed";
  const range =
    interval.high === undefined
      ? `above ${significant(interval.low)}`
      : `between ${significant(interval.low)} and ${significant(interval.high)}`;
  const measured =
    estimate === undefined
      ? candidate.events === 0
        ? "Nothing went wrong on either."
        : "Nothing went wrong on the baseline."
      : `The candidate's share is ${significant(estimate)} times ${than}.`;
  const tolerated = limit === undefined ? `, ${significant(tolerance)} is tolerated` : "";
  return `${measured} The true ratio is ${range} (95 %)${tolerated}.`;
}

function evidenceOf(facts: MetricFacts, settings: MetricSettings, { metrics, falseAlarm }: JudgeSettings): string {
  const { evidence, estimate = Infinity, candidate } = facts;
  if (evidence <= 1) return "Nothing says that it is worse.";
  const needed = `${times(metrics.length / falseAlarm)} times${metrics.length === 1 ? "" : ` of one of ${significant(metrics.length)} metrics`}`;
  const said = `Such counts are ${times(evidence)} times likelier if it is worse than if it is not; ${needed} is beyond doubt.`;
  if (candidate.events < settings.negligible * candidate.requests)
    return `${said} Less than ${percentage(settings.negligible, 1)} is never held against it.`;
  return estimate < settings.tolerance ? `${said} It is within what is tolerated.` : said;
}
