import { createJudge, type Judgement, type JudgeState, type Measurement, type Sample } from "../analysis/index.js";
import type { CallOptions } from "../contract/call.js";
import type { MetricSource } from "../contract/metrics.js";
import { defer, type Deferred } from "../engine/deferral.js";
import type { OperationContext, OperationHandler } from "../engine/operation.js";
import { candidateIn } from "../engine/operations/read-input.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import type { Json, JsonObject } from "../json/json.js";
import { measureTraffic } from "../metrics/measure-traffic.js";
import { takeSample, type MeasuredMetric } from "../metrics/take-sample.js";
import type { AnalysisSpec } from "../plan/index.js";
import type { Clock } from "../time/clock.js";
import { withDeadline } from "../time/deadline.js";
import { formatMilliseconds } from "../time/duration.js";
import type { GateOptions } from "./options.js";
import { servingQuestions } from "./serving-questions.js";

/** Most a source may take to answer one query, in milliseconds. */
const answerWithin = 10_000;

/** Of the time between two looks at most so many times the usual counts: while the deployment is paused or nobody drives it, nobody watches. */
const mostGap = 2;

/** What one look leaves for the next one. */
interface Progress {
  readonly state: JudgeState;
  /** When the last look was, epoch milliseconds, and how long the release has been watched until then. */
  readonly at: number;
  readonly watched: number;
  /** Nothing could be told, and a person may say what becomes of it. */
  readonly undecided: { readonly since: number; readonly pausedBefore: number } | null;
}

/** Judges a release by its metrics. Between two looks nothing of it runs, and whoever makes the next one goes on from what the journal holds. */
export function analysisGate(options: GateOptions): OperationHandler {
  return {
    async run(context) {
      const analysis = context.input["analysis"] as unknown as AnalysisSpec;
      const judge = createJudge(analysis.judge);
      const before = progressOf(context.waited.memo);
      if (before !== undefined && before.undecided !== null) return waitForWord(context, analysis, before, judge.judge(before.state));
      const now = context.clock.now();
      const gap = before === undefined ? analysis.every : now - before.at;
      const watched = before === undefined ? 0 : before.watched + Math.min(gap, mostGap * analysis.every);
      const sample = await look(context, analysis, gap);
      const state = judge.step(before?.state ?? judge.begin, { ...sample, at: watched });
      const progress: Progress = { state, at: now, watched, undecided: null };
      const judgement = judge.judge(state);
      if (judgement.verdict === "pass") return said(judgement);
      if (judgement.verdict === "fail")
        throw fail(coreErrors, "ANALYSIS_FAILED", { step: context.step.id, text: judgement.text, judgement: said(judgement) });
      if (!judgement.settled)
        return defer({ waitingFor: "time", reason: firstLine(judgement), until: now + analysis.every, memo: memoOf(progress) });
      if (analysis.onInconclusive === "proceed" && (await isWell(context, options))) return { ...said(judgement), proceeded: true };
      const undecided = { since: now, pausedBefore: context.waited.pausedFor };
      return waitForWord(context, analysis, { ...progress, undecided }, judgement);
    },
    observe: () => Promise.resolve({ status: "absent" }),
  };
}

/** Time in which the deployment is paused does not count. */
function waitForWord(
  { step, clock, waited }: OperationContext,
  analysis: AnalysisSpec,
  progress: Progress,
  judgement: Judgement,
): Deferred {
  const { since, pausedBefore } = progress.undecided ?? { since: clock.now(), pausedBefore: waited.pausedFor };
  const until = since + analysis.decideWithin + waited.pausedFor - pausedBefore;
  if (clock.now() >= until) {
    const about = { step: step.id, text: judgement.text, waited: formatMilliseconds(analysis.decideWithin) };
    throw fail(coreErrors, "ANALYSIS_INCONCLUSIVE", { ...about, judgement: said(judgement) });
  }
  return defer({ waitingFor: "inconclusive", reason: judgement.text, until, memo: memoOf(progress) });
}

async function look(context: OperationContext, { queries }: AnalysisSpec, gap: number): Promise<Sample> {
  const { plan, input, capabilities, clock, call } = context;
  const entries = Object.entries(queries).map(async ([name, asked]): Promise<readonly [string, MeasuredMetric]> => {
    if (asked.queries === "traffic") return [name, { measure: await trafficOf(context, asked.source) }];
    const source = await capabilities.get(asked.source, "metrics");
    return [name, { queries: asked.queries, source: inTime(clock, source, asked.source) }];
  });
  const baseline = input["baseline"] === true ? plan.previousRelease : undefined;
  return takeSample(
    {
      metrics: Object.fromEntries(await Promise.all(entries)),
      releases: { candidate: plan.release.id, ...(baseline === undefined ? {} : { baseline }) },
      at: clock.now(),
      window: `${gap}ms`,
    },
    call,
  );
}

/** A source that hangs is a trouble of its metrics, not the end of the deployment. */
function inTime(clock: Clock, source: MetricSource, name: string): MetricSource {
  return { query: (question, call) => answering(clock, name, call, (inner) => source.query(question, inner)) };
}

async function trafficOf({ component, input, capabilities, clock }: OperationContext, name: string) {
  const router = await capabilities.get(name, "traffic");
  const candidate = component === undefined ? undefined : candidateIn(input["candidates"], component.component);
  return (call: CallOptions): Promise<Measurement> => {
    if (component === undefined || candidate === undefined) return Promise.resolve({ kind: "trouble", problem: "no candidate is judged" });
    return answering(clock, name, call, (inner) => measureTraffic({ router, name }, component, candidate.id, inner));
  };
}

function answering<Answer>(
  clock: Clock,
  source: string,
  { signal, log }: CallOptions,
  ask: (call: CallOptions) => Promise<Answer>,
): Promise<Answer> {
  const problem = `no answer within ${formatMilliseconds(answerWithin)}`;
  const reason = () => fail(coreErrors, "METRICS_UNREACHABLE", { source, problem });
  return withDeadline(clock, { milliseconds: answerWithin, signal, reason }, (inner) => ask({ signal: inner, log }));
}

/** Whether every critical check is up, and there is one. */
async function isWell(context: OperationContext, options: GateOptions): Promise<boolean> {
  const questions = await servingQuestions(context, options, context.step.stage !== "shift");
  const critical = questions.filter((question) => question.critical);
  const runs = await Promise.all(critical.map((question) => question.ask(context.call)));
  return runs.length > 0 && runs.every(({ status }) => status !== "down");
}

/** JSON, though its types do not say so. */
function said(judgement: Judgement): JsonObject {
  return judgement as unknown as JsonObject;
}

function firstLine({ text }: Judgement): string {
  return text.split("\n")[0] ?? text;
}

function memoOf(progress: Progress): Json {
  return progress as unknown as Json;
}

/** Written by `memoOf`, and by nothing else. */
function progressOf(memo: Json): Progress | undefined {
  return memo === null ? undefined : (memo as unknown as Progress);
}
