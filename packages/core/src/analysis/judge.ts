import { toJudgement } from "./conclude.js";
import { decide, type Decision, type Judged } from "./decide.js";
import type { Judgement } from "./judgement.js";
import type { Sample } from "./measurement.js";
import { addMeasurement, emptyMetric, type MetricState } from "./metric-state.js";
import { toSettings, type JudgeOptions } from "./options.js";

/** All that the judge remembers. Plain JSON of a size that does not grow: write it down after each sample and go on from it anywhere. */
export interface JudgeState {
  /** When the first and the last look were. */
  readonly began?: number;
  readonly last?: number;
  readonly looks: number;
  readonly metrics: Readonly<Record<string, MetricState>>;
  /** Once something is decided, nothing changes any more. */
  readonly decision?: Decision;
}

export interface Judge {
  /** Nothing has been seen yet. */
  readonly begin: JudgeState;
  /** Adds one look. The same state and sample give the same state, always. A sample that is not later than the last one, and any after a decision, changes nothing. */
  step(state: JudgeState, sample: Sample): JudgeState;
  /** What can be said now. */
  judge(state: JudgeState): Judgement;
}

/**
 * Makes a judge of candidates. It is pure: no clock, no chance, no I/O. However often it is asked, a candidate that is no worse than what it is held against fails with a chance of at most `falseAlarm`.
 * Throws `ANALYSIS_INVALID`.
 */
export function createJudge(options: JudgeOptions): Judge {
  const settings = toSettings(options);
  const judgedOf = (state: JudgeState): readonly Judged[] =>
    settings.metrics.map((metric) => ({ settings: metric, state: state.metrics[metric.name] ?? emptyMetric }));
  return {
    begin: { looks: 0, metrics: {} },
    step(state, sample) {
      if (state.decision !== undefined || (state.last !== undefined && sample.at <= state.last)) return state;
      const metrics: Record<string, MetricState> = {};
      for (const metric of settings.metrics)
        metrics[metric.name] = addMeasurement(state.metrics[metric.name] ?? emptyMetric, sample.metrics[metric.name], metric);
      const next = { began: state.began ?? sample.at, last: sample.at, looks: state.looks + 1, metrics };
      const decision = decide(judgedOf(next), elapsedOf(next), settings);
      return decision === undefined ? next : { ...next, decision };
    },
    judge: (state) => toJudgement(judgedOf(state), { elapsed: elapsedOf(state), looks: state.looks, decision: state.decision }, settings),
  };
}

/** What a judge says of samples, in their order. Throws `ANALYSIS_INVALID`. */
export function judgeSamples(options: JudgeOptions, samples: readonly Sample[]): Judgement {
  const judge = createJudge(options);
  return judge.judge(samples.reduce((state, sample) => judge.step(state, sample), judge.begin));
}

function elapsedOf({ began, last }: JudgeState): number {
  return began === undefined || last === undefined ? 0 : last - began;
}
