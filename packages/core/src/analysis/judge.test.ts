import { describe, expect, test } from "vitest";
import { createJudge, judgeSamples } from "./judge.js";
import type { Measurement, Sample } from "./measurement.js";
import type { JudgeOptions, MetricOptions } from "./options.js";

const minute = 60_000;

/** Errors and requests on the candidate, and on the baseline if there is one. */
type Look = readonly [number, number] | readonly [number, number, number, number];

function counts([events, requests, baselineEvents, baselineRequests]: Look): Measurement {
  const candidate = { events, requests };
  if (baselineEvents === undefined || baselineRequests === undefined) return { kind: "counts", sides: { candidate } };
  return { kind: "counts", sides: { candidate, baseline: { events: baselineEvents, requests: baselineRequests } } };
}

/** One look a minute at one metric called errors. */
function everyMinute(measurements: readonly Measurement[]): readonly Sample[] {
  return measurements.map((errors, index) => ({ at: index * minute, metrics: { errors } }));
}

function repeat<Value>(times: number, value: Value): readonly Value[] {
  return Array.from({ length: times }, () => value);
}

const onErrors = (options: MetricOptions = {}): JudgeOptions => ({ metrics: { errors: options }, for: "10m" });
const nothing: Measurement = { kind: "nothing", problem: "no series" };
const trouble: Measurement = { kind: "trouble", problem: "connection refused" };
const well = counts([1, 300, 1, 300]);
const bad = counts([5, 300, 1, 300]);

interface Example {
  readonly options?: JudgeOptions;
  readonly looks: readonly Measurement[];
  readonly expected: object;
}

const examples: Readonly<Record<string, Example>> = {
  "that is like its baseline passes when the time is up": {
    looks: repeat(11, well),
    expected: { verdict: "pass", reason: "watched", settled: true, looks: 11 },
  },
  "that is like its baseline is not judged before": {
    looks: repeat(10, well),
    expected: { verdict: "inconclusive", reason: "in_progress", settled: false },
  },
  "that is several times as bad fails soon": {
    looks: repeat(11, bad),
    expected: { verdict: "fail", reason: "worse", because: ["errors"], looks: 4 },
  },
  "that is better passes": { looks: repeat(11, counts([0, 300, 6, 300])), expected: { verdict: "pass" } },
  "that is shown to be no worse passes early": {
    looks: repeat(11, counts([150, 30_000, 150, 30_000])),
    expected: { verdict: "pass", reason: "shown", looks: 3 },
  },
  "is not passed early where that is not wanted": {
    options: { ...onErrors(), falsePass: 0 },
    looks: repeat(11, counts([150, 30_000, 150, 30_000])),
    expected: { verdict: "pass", reason: "watched", looks: 11 },
  },
  "that is worse beyond doubt and yet within what is tolerated passes": {
    options: { ...onErrors({ tolerance: 2 }), falsePass: 0 },
    looks: repeat(11, counts([1_200, 200_000, 1_000, 200_000])),
    expected: { verdict: "pass", reason: "watched" },
  },
  "on which next to nothing goes wrong does not fail, however good the baseline is": {
    looks: repeat(11, counts([10, 100_000, 0, 100_000])),
    expected: { verdict: "pass", reason: "watched" },
  },
  "that looks worse, but not beyond doubt, does not pass": {
    looks: [...repeat(6, counts([1, 100, 0, 100])), ...repeat(6, counts([0, 100, 0, 100]))],
    expected: { verdict: "inconclusive", reason: "suspicious", because: ["errors"], settled: true },
  },
  "that fails together with its baseline is not to blame": {
    options: onErrors({ guardrail: false }),
    looks: [...repeat(5, well), ...repeat(3, counts([150, 300, 150, 300])), ...repeat(3, well)],
    expected: { verdict: "pass" },
  },
  "that has ten times the traffic in its bad hours is not to blame": {
    // All in all one in 35 fails on the candidate and one in 72 on the baseline: the same at every single moment.
    looks: [...repeat(5, counts([1, 100, 10, 1_000])), ...repeat(6, counts([30, 1_000, 3, 100]))],
    expected: { verdict: "pass", metrics: [{ estimate: 1 }] },
  },
  "without data does not pass": {
    looks: repeat(11, nothing),
    expected: { verdict: "inconclusive", reason: "insufficient_data", settled: true },
  },
  "without requests does not pass": {
    looks: repeat(11, counts([0, 0, 1, 300])),
    expected: { verdict: "inconclusive", reason: "insufficient_data" },
  },
  "with too few requests does not pass": {
    looks: repeat(11, counts([0, 9, 1, 300])),
    expected: { verdict: "inconclusive", reason: "insufficient_data" },
  },
  "whose baseline had too few requests does not pass": {
    looks: repeat(11, counts([0, 300, 0, 9])),
    expected: { verdict: "inconclusive", reason: "insufficient_data" },
  },
  "with as many requests as are wanted passes": {
    options: onErrors({ requests: 99 }),
    looks: repeat(11, counts([0, 9, 1, 300])),
    expected: { verdict: "pass" },
  },
  "that falls silent does not pass": {
    looks: [...repeat(6, well), ...repeat(5, nothing)],
    expected: { verdict: "inconclusive", reason: "insufficient_data" },
  },
  "whose baseline falls silent does not pass": {
    looks: [...repeat(6, well), ...repeat(5, counts([30, 300, 0, 0]))],
    expected: { verdict: "inconclusive", reason: "insufficient_data" },
  },
  "that was silent now and then passes": {
    looks: [...repeat(6, well), ...repeat(4, nothing), well],
    expected: { verdict: "pass" },
  },
  "that cannot be measured for long is given up": {
    looks: [well, ...repeat(10, trouble)],
    expected: { verdict: "inconclusive", reason: "provider_error", because: ["errors"], settled: true, looks: 6 },
  },
  "that cannot be measured now and then is judged by the rest": {
    looks: [...repeat(4, trouble), well, well, ...repeat(4, trouble), well],
    expected: { verdict: "pass", looks: 11 },
  },
  "of which something is measured that is no count is given up": {
    looks: repeat(11, counts([-1, 300, Number.NaN, 300])),
    expected: { verdict: "inconclusive", reason: "provider_error", looks: 5 },
  },
  "has only errors: they are requests too": {
    options: onErrors({ guardrail: false }),
    looks: repeat(11, counts([20, 0, 1, 300])),
    expected: { verdict: "fail", metrics: [{ candidate: { requests: 20, events: 20 } }] },
  },
  "that exceeds a guardrail twice fails at once, whatever the baseline does": {
    looks: repeat(3, counts([70, 300, 70, 300])),
    expected: { verdict: "fail", reason: "guardrail", looks: 2 },
  },
  "that exceeds a guardrail once does not": {
    looks: [...repeat(4, well), counts([70, 300, 70, 300]), ...repeat(4, well), counts([70, 300, 70, 300]), well],
    expected: { verdict: "pass" },
  },
  "of which one of few requests fails is no outage": {
    looks: [counts([1, 1, 0, 1]), counts([1, 2, 0, 2]), ...repeat(10, counts([0, 20, 0, 20]))],
    expected: { verdict: "pass" },
  },
  "above its limit fails, without any baseline": {
    options: onErrors({ against: { limit: 0.01 } }),
    looks: repeat(11, counts([9, 300])),
    expected: { verdict: "fail", reason: "worse", looks: 2 },
  },
  "below its limit passes, without any baseline": {
    options: onErrors({ against: { limit: 0.01 } }),
    looks: repeat(11, counts([0, 300])),
    expected: { verdict: "pass", reason: "shown" },
  },
  "without a baseline to compare with does not pass": {
    looks: repeat(11, counts([0, 300])),
    expected: { verdict: "inconclusive", reason: "insufficient_data" },
  },
};

describe("a candidate", () => {
  test.each(Object.entries(examples))("%s", (_, { options = onErrors(), looks, expected }) => {
    expect(judgeSamples(options, everyMinute(looks))).toMatchObject(expected);
  });
});

describe("several metrics", () => {
  const names = ["one", "two", "three", "four"];
  const options = (falseAlarm: number): JudgeOptions => ({
    metrics: Object.fromEntries(names.map((name) => [name, {}])),
    for: "10m",
    falseAlarm,
  });
  const looks = (of: (name: string) => Measurement): readonly Sample[] =>
    Array.from({ length: 11 }, (_, index) => ({ at: index * minute, metrics: Object.fromEntries(names.map((name) => [name, of(name)])) }));

  test("one that is bad fails a candidate, and is named", () => {
    const judgement = judgeSamples(
      options(0.01),
      looks((name) => (name === "three" ? bad : well)),
    );
    expect(judgement).toMatchObject({ verdict: "fail", because: ["three"] });
    expect(judgement.metrics.map(({ verdict }) => verdict)).toEqual(["good", "good", "bad", "good"]);
    expect(judgement.text).toContain("three: 25 of 1,500 requests");
    expect(judgement.text).not.toContain("two:");
  });

  test("one alone needs as many times the evidence as there are metrics", () => {
    const alone = judgeSamples(
      { metrics: { three: {} }, for: "10m" },
      looks(() => bad),
    );
    const among = judgeSamples(
      options(0.01),
      looks((name) => (name === "three" ? bad : nothing)),
    );
    expect(alone.looks).toBeLessThan(among.looks);
    expect(among.evidence).toBeCloseTo((among.metrics[2]?.evidence ?? 0) / 4, 6);
  });

  test("all must have enough data", () => {
    const judgement = judgeSamples(
      options(0.01),
      looks((name) => (name === "two" ? nothing : well)),
    );
    expect(judgement).toMatchObject({ verdict: "inconclusive", reason: "insufficient_data", because: ["two"] });
    expect(judgement.text).toContain("The last look brought nothing: no series.");
  });
});

describe("running totals", () => {
  const totals = (
    candidate: Readonly<Record<string, [number, number]>>,
    baseline: Readonly<Record<string, [number, number]>>,
  ): Measurement => {
    const side = (given: Readonly<Record<string, [number, number]>>) => ({
      requests: Object.fromEntries(Object.entries(given).map(([name, [, requests]]) => [name, requests])),
      events: Object.fromEntries(Object.entries(given).map(([name, [events]]) => [name, events])),
    });
    return { kind: "counters", sides: { candidate: side(candidate), baseline: side(baseline) } };
  };
  const baseline = { old: [7, 90_000] } as const satisfies Readonly<Record<string, readonly [number, number]>>;
  const counted = (...looks: readonly Readonly<Record<string, [number, number]>>[]) =>
    judgeSamples(onErrors(), everyMinute(looks.map((candidate) => totals(candidate, { old: [...baseline.old] })))).metrics[0]?.candidate;

  test.each<[string, readonly Readonly<Record<string, [number, number]>>[], object]>([
    ["what was counted before the first look is not held against it", [{ a: [500, 1_000] }], { requests: 0, events: 0 }],
    ["the increase counts", [{ a: [500, 1_000] }, { a: [501, 1_100] }], { requests: 100, events: 1 }],
    ["an instance that restarts begins at zero", [{ a: [500, 1_000] }, { a: [2, 40] }, { a: [3, 50] }], { requests: 50, events: 3 }],
    ["a restart is seen by either of the two", [{ a: [1, 1_000] }, { a: [2, 40] }], { requests: 40, events: 2 }],
    ["a new instance begins at zero", [{ a: [5, 100] }, { a: [5, 110], b: [4, 20] }], { requests: 30, events: 4 }],
    [
      "an instance that was away is taken up where it was",
      [{ a: [5, 100], b: [1, 50] }, { a: [5, 110] }, { a: [5, 110], b: [2, 60] }],
      { requests: 20, events: 1 },
    ],
  ])("%s", (_, looks, expected) => {
    expect(counted(...looks)).toEqual(expected);
  });
});

describe("latency", () => {
  const options: JudgeOptions = { metrics: { latency: { percentile: 0.95 } }, for: "10m" };
  /** Running totals after so many minutes: 1,000 requests a minute, so many of them not faster than a bound. */
  const histogram = (minutes: number, slower: Readonly<Record<string, number>>) => ({
    ...Object.fromEntries(Object.entries(slower).map(([bound, count]) => [bound, { all: minutes * (1_000 - count) }])),
    "+Inf": { all: minutes * 1_000 },
  });
  const usual = { "0.1": 400, "0.25": 40, "1": 2 };
  const judged = (candidate: Readonly<Record<string, number>>, minutes = 11) =>
    judgeSamples(
      options,
      Array.from({ length: minutes }, (_, index) => ({
        at: index * minute,
        metrics: { latency: { kind: "histograms", sides: { candidate: histogram(index, candidate), baseline: histogram(index, usual) } } },
      })),
    );

  test("is judged by the requests that are slower than most of the baseline's were", () => {
    const judgement = judged({ "0.1": 900, "0.25": 200, "1": 2 });
    expect(judgement).toMatchObject({
      verdict: "fail",
      reason: "worse",
      metrics: [{ bound: "0.25", candidate: { requests: 1_000, events: 200 } }],
    });
    expect(judgement.text).toContain("200 of 1,000 requests (20 %) slower than 0.25 s on the candidate");
  });

  test("passes a candidate as fast as its baseline, which is slow for some", () => {
    expect(judged(usual)).toMatchObject({ verdict: "pass", metrics: [{ bound: "0.25" }] });
  });

  test("is not judged by the requests that decided what is slow", () => {
    expect(judged({ "0.1": 900, "0.25": 900, "1": 900 }, 2)).toMatchObject({
      verdict: "inconclusive",
      metrics: [{ candidate: { requests: 0 } }],
    });
  });

  test("is not judged before a hundred requests have shown what is slow", () => {
    const few = (looks: number) => ({ "0.1": { all: looks * 30 }, "+Inf": { all: looks * 40 } });
    const looks = Array.from({ length: 5 }, (_, index) => ({
      at: index * minute,
      metrics: { latency: { kind: "histograms", sides: { candidate: few(index), baseline: few(index) } } },
    })) satisfies readonly Sample[];
    expect(judgeSamples(options, looks.slice(0, 3)).metrics[0]).toMatchObject({
      samples: 0,
      problem: expect.stringContaining("too little"),
    });
    expect(judgeSamples(options, looks).metrics[0]).toMatchObject({ bound: "0.1", candidate: { requests: 40, events: 10 } });
  });

  test("cannot be judged where the candidate counts by other bounds", () => {
    const looks = Array.from({ length: 8 }, (_, index) => ({
      at: index * minute,
      metrics: { latency: { kind: "histograms", sides: { candidate: histogram(index, { "0.3": 1 }), baseline: histogram(index, usual) } } },
    })) satisfies readonly Sample[];
    expect(judgeSamples(options, looks)).toMatchObject({ verdict: "inconclusive", reason: "provider_error", looks: 6 });
  });
});

test("a sample that is given again changes nothing, and neither does any after the end", () => {
  const judge = createJudge(onErrors());
  const samples = everyMinute(repeat(4, bad));
  const [first = { at: 0, metrics: {} }] = samples;
  const once = judge.step(judge.begin, first);
  expect(judge.step(once, first)).toBe(once);
  const ended = samples.reduce((state, sample) => judge.step(state, sample), judge.begin);
  expect(judge.step(ended, { at: 99 * minute, metrics: { errors: well } })).toBe(ended);
});

test("what is remembered does not grow with the looks", () => {
  const judge = createJudge({ ...onErrors(), for: "365d", falsePass: 0 });
  const after = (looks: number) =>
    JSON.stringify(everyMinute(repeat(looks, counts([2, 300, 2, 310]))).reduce((state, sample) => judge.step(state, sample), judge.begin))
      .length;
  expect(after(2_000)).toBeLessThan(after(20) * 1.2);
});

test("it explains itself", () => {
  const asked = [{ query: "sum(errors)", link: "https://metrics.example/graph" }];
  const judgement = judgeSamples(onErrors(), everyMinute([bad, bad, bad, { ...bad, asked }]));
  expect(judgement.text).toBe(
    [
      "The candidate is worse, beyond doubt, after 3 m 00 s and 4 looks.",
      "errors: 20 of 1,200 requests (1.7 %) on the candidate, 4 of 1,200 (0.33 %) on the baseline. The candidate's share is 5 times the baseline's. The true ratio is between 1.1 and 42 (95 %), 1.5 is tolerated. Such counts are 181 times likelier if it is worse than if it is not; 100 times is beyond doubt.",
    ].join("\n"),
  );
  expect(judgement).toMatchObject({ needed: 100, elapsed: 3 * minute, metrics: [{ asked, samples: 4, estimate: 5 }] });
});

describe("refuses", () => {
  test.each<[string, object]>([
    ["metrics", { metrics: {} }],
    ["for", { for: "soon" }],
    ["for", { for: "0s" }],
    ["falseAlarm", { falseAlarm: 0 }],
    ["falsePass", { falsePass: 2 }],
    ["samples", { samples: 0 }],
    ["troubles", { troubles: -1 }],
    ["metrics.errors.against.limit", { metrics: { errors: { against: { limit: 5 } } } }],
    ["metrics.errors.tolerance", { metrics: { errors: { tolerance: 0.5 } } }],
    ["metrics.errors.tolerance", { metrics: { errors: { against: { limit: 0.1 }, tolerance: 2 } } }],
    ["metrics.errors.percentile", { metrics: { errors: { percentile: 95 } } }],
    ["metrics.errors.percentile", { metrics: { errors: { against: { limit: 0.1 }, percentile: 0.9 } } }],
    ["metrics.errors.negligible", { metrics: { errors: { negligible: Number.NaN } } }],
    ["metrics.errors.requests", { metrics: { errors: { requests: 0 } } }],
    ["metrics.errors.guardrail.rate", { metrics: { errors: { guardrail: { rate: 20 } } } }],
    ["metrics.errors.guardrail.samples", { metrics: { errors: { guardrail: { rate: 0.2, samples: 0 } } } }],
    ["metrics.errors.guardrail.requests", { metrics: { errors: { guardrail: { rate: 0.2, requests: 0 } } } }],
  ])("%s: %j", (option, options) => {
    expect(() => createJudge({ ...onErrors(), ...options })).toThrow(
      expect.objectContaining({ code: "ANALYSIS_INVALID", data: expect.objectContaining({ option }) }),
    );
  });
});
