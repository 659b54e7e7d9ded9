import { addComparison, addLimit, emptyAccount, type Account, type Count } from "./account.js";
import { advance, type CounterReading } from "./counter.js";
import { beforeGuardrail, passGuardrail, type GuardrailState } from "./guardrail.js";
import { learnSlowness, slowRequests, type Slowness } from "./latency.js";
import type { Measurement, Question, Sides } from "./measurement.js";
import type { MetricSettings } from "./options.js";

/** All that is kept about one metric. Plain JSON, of a size that does not grow with the number of looks. */
export interface MetricState {
  readonly account: Account;
  readonly candidate: Count;
  readonly baseline: Count;
  /** Counted, and not yet compared: one of the sides has had no request since. */
  readonly waiting: Required<Sides<Count>>;
  readonly counters?: Sides<CounterReading>;
  readonly slowness?: Slowness;
  readonly guardrail: GuardrailState;
  /** Looks at which there were requests on all sides that are judged. */
  readonly samples: number;
  /** Looks in a row without. */
  readonly silent: number;
  /** Looks in a row at which nothing could be measured. */
  readonly troubles: number;
  /** Why the last look brought nothing. */
  readonly problem?: string;
  readonly asked?: readonly Question[];
}

const none: Count = { requests: 0, events: 0 };

const notCounts = "what was measured is no count";

export const emptyMetric: MetricState = {
  account: emptyAccount,
  candidate: none,
  baseline: none,
  waiting: { candidate: none, baseline: none },
  guardrail: beforeGuardrail,
  samples: 0,
  silent: 0,
  troubles: 0,
};

/** Adds one measurement. */
export function addMeasurement(state: MetricState, measurement: Measurement | undefined, settings: MetricSettings): MetricState {
  if (measurement === undefined) return missing(state, "it was left out");
  const asked = measurement.asked === undefined ? state : { ...state, asked: measurement.asked };
  if (measurement.kind === "trouble") return troubled(asked, measurement.problem);
  if (measurement.kind === "nothing") return missing(asked, measurement.problem);
  if (settings.limit === undefined && measurement.sides.baseline === undefined) return missing(asked, "the baseline has no data");
  return measurement.kind === "histograms" ? addHistograms(asked, measurement, settings) : addSides(asked, measurement, settings);
}

function addHistograms(
  state: MetricState,
  { sides }: Extract<Measurement, { readonly kind: "histograms" }>,
  settings: MetricSettings,
): MetricState {
  const { percentile } = settings;
  if (percentile === undefined || sides.baseline === undefined) return troubled(state, "a histogram needs a metric with a percentile");
  const slowness = learnSlowness(state.slowness, sides.baseline, percentile);
  const learned = { ...state, slowness };
  if (!("bound" in slowness)) return missing(learned, "the baseline has shown too little to know how slow is slow");
  const counters = slowRequests(sides, slowness.bound);
  return counters === undefined
    ? troubled(learned, `a histogram has no bound ${slowness.bound}`)
    : addSides(learned, { kind: "counters", sides: counters }, settings);
}

function addSides(
  state: MetricState,
  { kind, sides }: Extract<Measurement, { readonly kind: "counts" | "counters" }>,
  settings: MetricSettings,
): MetricState {
  if (kind === "counts") return addCounts(state, sides, settings);
  if (![sides.candidate, sides.baseline].every((side) => side === undefined || isReading(side))) return troubled(state, notCounts);
  const candidate = advance(state.counters?.candidate, sides.candidate);
  const baseline = sides.baseline === undefined ? undefined : advance(state.counters?.baseline, sides.baseline);
  const counters = { candidate: candidate.known, ...(baseline === undefined ? {} : { baseline: baseline.known }) };
  const increase = { candidate: candidate.increase, ...(baseline === undefined ? {} : { baseline: baseline.increase }) };
  return addCounts({ ...state, counters }, increase, settings);
}

function addCounts(state: MetricState, given: Sides<Count>, settings: MetricSettings): MetricState {
  const { problem: _problem, ...rest } = state;
  if (!isCount(given.candidate) || (given.baseline !== undefined && !isCount(given.baseline))) return troubled(state, notCounts);
  const candidate = plausible(given.candidate);
  const baseline = plausible(given.baseline ?? none);
  const silentSide = candidate.requests === 0 ? "the candidate" : "the baseline";
  const heard = candidate.requests > 0 && (settings.limit !== undefined || baseline.requests > 0);
  const counted = {
    ...rest,
    candidate: sum(state.candidate, candidate),
    baseline: sum(state.baseline, baseline),
    guardrail: settings.guardrail === undefined ? state.guardrail : passGuardrail(state.guardrail, candidate, settings.guardrail),
    samples: heard ? state.samples + 1 : state.samples,
    silent: heard ? 0 : state.silent + 1,
    troubles: 0,
    ...(heard ? {} : { problem: `${silentSide} had no requests` }),
  };
  if (settings.limit !== undefined) return { ...counted, account: addLimit(state.account, candidate, settings.limit) };
  const waiting = { candidate: sum(state.waiting.candidate, candidate), baseline: sum(state.waiting.baseline, baseline) };
  if (waiting.candidate.requests === 0 || waiting.baseline.requests === 0) return { ...counted, waiting };
  const account = addComparison(state.account, waiting.candidate, waiting.baseline, settings.tolerance);
  return { ...counted, account, waiting: emptyMetric.waiting };
}

function missing(state: MetricState, problem: string): MetricState {
  return { ...state, silent: state.silent + 1, troubles: 0, problem };
}

function troubled(state: MetricState, problem: string): MetricState {
  return { ...missing(state, problem), troubles: state.troubles + 1 };
}

function isCount({ requests, events }: Count): boolean {
  return [requests, events].every(isNumberOfThings);
}

function isReading({ requests, events }: CounterReading): boolean {
  return [requests, events].every((totals) => Object.values(totals).every(isNumberOfThings));
}

function isNumberOfThings(value: number): boolean {
  return Number.isFinite(value) && value >= 0 && value <= Number.MAX_SAFE_INTEGER;
}

/** Two queries are never of quite the same moment: what went wrong was a request, even if it is not yet counted as one. */
function plausible({ requests, events }: Count): Count {
  return { requests: Math.max(requests, events), events };
}

function sum(left: Count, right: Count): Count {
  return { requests: left.requests + right.requests, events: left.events + right.events };
}
