import { proves } from "@fairlead/test-support";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Count } from "./account.js";
import { createJudge, judgeSamples, type JudgeState } from "./judge.js";
import type { Measurement, Sample } from "./measurement.js";
import type { JudgeOptions } from "./options.js";

const options: JudgeOptions = { metrics: { errors: {}, slow: { percentile: 0.9 }, limited: { against: { limit: 0.02 } } }, for: "20s" };
const patient: JudgeOptions = { metrics: { errors: {} }, for: "365d" };

const count: fc.Arbitrary<Count> = fc
  .record({ requests: fc.nat(2_000), share: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1, noNaN: true })) })
  .map(({ requests, share }) => ({ requests, events: Math.floor(requests * share) }));

const totals = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.nat(5_000), { noNullPrototype: true });
const counters = fc.record({ requests: totals, events: totals });
const histogram = fc.record({ "0.1": totals, "0.5": totals, "+Inf": totals });
const sides = <Reading>(reading: fc.Arbitrary<Reading>) =>
  fc.oneof(fc.record({ candidate: reading, baseline: reading }), fc.record({ candidate: reading }));

const unlikeNumbers = /NaN|Infinity|undefined/;
/** What a source says of its trouble. It is told as it is: by these words it would look like a number gone wrong. */
const problem = fc.string().filter((text) => !unlikeNumbers.test(text));
const strange = fc.constantFrom(Number.NaN, Infinity, -1, 0.5, 1e300, Number.MIN_VALUE);
const measurement: fc.Arbitrary<Measurement> = fc.oneof(
  fc.record({ kind: fc.constant("counts" as const), sides: sides(count) }),
  fc.record({ kind: fc.constant("counts" as const), sides: sides(fc.record({ requests: strange, events: strange })) }),
  fc.record({ kind: fc.constant("counters" as const), sides: sides(counters) }),
  fc.record({ kind: fc.constant("histograms" as const), sides: sides(histogram) }),
  fc.record({ kind: fc.constantFrom("nothing" as const, "trouble" as const), problem }),
);
const metrics = fc.dictionary(fc.constantFrom("errors", "slow", "limited", "unknown"), measurement, { noNullPrototype: true });
const samples: fc.Arbitrary<readonly Sample[]> = fc
  .array(metrics, { maxLength: 30 })
  .map((looks) => looks.map((look, index) => ({ at: index * 1_000, metrics: look })));

/** Everything that a state or a judgement holds, as JSON has it. */
const throughJson = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;

test("whatever is measured, what is remembered and what is said are plain JSON, and going on from it changes nothing", () => {
  const judge = createJudge(options);
  fc.assert(
    fc.property(samples, (given) => {
      let [whole, restored]: [JudgeState, JudgeState] = [judge.begin, judge.begin];
      for (const sample of given) {
        whole = judge.step(whole, sample);
        restored = judge.step(judge.step(throughJson(restored), throughJson(sample)), sample);
        expect(throughJson(whole)).toEqual(whole);
        expect(throughJson(judge.judge(whole))).toEqual(judge.judge(whole));
        expect(JSON.stringify(judge.judge(whole))).not.toMatch(unlikeNumbers);
      }
      // JSON turns what is no number into null, which is no number either.
      expect(judge.judge(restored)).toEqual(judge.judge(whole));
    }),
    { numRuns: 300 },
  );
});

test("nothing passes without enough requests on both sides, in enough looks", (context) => {
  proves(context, "property", "I18");
  const none = fc.constant({ requests: 0, events: 0 });
  const ofSides = (candidate: fc.Arbitrary<Count>, baseline: fc.Arbitrary<Count>): fc.Arbitrary<Measurement> =>
    fc.record({ kind: fc.constant("counts" as const), sides: fc.record({ candidate, baseline }) });
  const nothing: fc.Arbitrary<Measurement> = fc.record({
    kind: fc.constantFrom("nothing" as const, "trouble" as const),
    problem: fc.string(),
  });
  const alone: fc.Arbitrary<Measurement> = fc.record({ kind: fc.constant("counts" as const), sides: fc.record({ candidate: count }) });
  const list = (one: fc.Arbitrary<Measurement>) => fc.array(fc.oneof(one, nothing), { maxLength: 40 });
  const poor = fc.oneof(
    list(nothing),
    list(alone),
    list(ofSides(none, count)),
    list(ofSides(count, none)),
    fc.array(ofSides(count, count), { maxLength: 2 }).chain((few) => list(nothing).map((rest) => [...few, ...rest])),
  );
  fc.assert(
    fc.property(poor, (looks) => {
      const { verdict } = judgeSamples(
        { metrics: { errors: {} }, for: "10s" },
        looks.map((errors, index) => ({ at: index * 1_000, metrics: { errors } })),
      );
      expect(verdict).not.toBe("pass");
    }),
    { numRuns: 500 },
  );
});

const look = (candidate: Count, baseline: Count): Measurement => ({ kind: "counts", sides: { candidate, baseline } });
const compared = fc.array(fc.tuple(count, count), { minLength: 1, maxLength: 40 });

/** At which look it fails. */
function failsAt(looks: readonly (readonly [Count, Count])[]): number {
  const judge = createJudge(patient);
  let state = judge.begin;
  for (const [at, [candidate, baseline]] of looks.entries()) {
    state = judge.step(state, { at, metrics: { errors: look(candidate, baseline) } });
    if (state.decision !== undefined) return state.decision.verdict === "fail" ? at : Infinity;
  }
  return Infinity;
}

test("more errors on the candidate never fail it later, and more on the baseline never sooner", () => {
  const impatient = { ...patient, falsePass: 0 };
  const judge = createJudge(impatient);
  const failsWithout = (looks: readonly (readonly [Count, Count])[]): number => {
    let state = judge.begin;
    for (const [at, [candidate, baseline]] of looks.entries()) {
      state = judge.step(state, { at, metrics: { errors: look(candidate, baseline) } });
      if (state.decision !== undefined) return at;
    }
    return Infinity;
  };
  const worse = ({ requests, events }: Count): Count => ({ requests, events: Math.min(requests, events + 1 + Math.floor(requests / 50)) });
  fc.assert(
    fc.property(compared, fc.nat(), (looks, which) => {
      const changed = which % looks.length;
      const change = (side: 0 | 1) =>
        looks.map(([candidate, baseline], index) =>
          index !== changed
            ? ([candidate, baseline] as const)
            : side === 0
              ? ([worse(candidate), baseline] as const)
              : ([candidate, worse(baseline)] as const),
        );
      const before = failsWithout(looks);
      expect(failsWithout(change(0))).toBeLessThanOrEqual(before);
      expect(failsWithout(change(1))).toBeGreaterThanOrEqual(before);
    }),
    { numRuns: 500 },
  );
});

test("how requests are split into looks does not matter while the shares of the traffic stay", () => {
  const halves = fc.array(fc.tuple(fc.nat(20), fc.nat(20), fc.nat(20), fc.nat(20)), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(halves, fc.integer({ min: 20, max: 500 }), fc.integer({ min: 1, max: 20 }), (pairs, requests, times) => {
      const of = (events: number, factor: number): Count => ({ requests: requests * factor, events });
      const fine = pairs.flatMap(([a, b, c, d]) => [[of(a, 1), of(b, times)] as const, [of(c, 1), of(d, times)] as const]);
      const coarse = pairs.map(([a, b, c, d]) => [of(a + c, 2), of(b + d, 2 * times)] as const);
      const evidence = (looks: readonly (readonly [Count, Count])[]) =>
        judgeSamples(
          { metrics: { errors: { guardrail: false } }, for: "365d", falsePass: 0, falseAlarm: 1e-300 },
          looks.map(([candidate, baseline], at) => ({ at, metrics: { errors: look(candidate, baseline) } })),
        ).metrics[0];
      const [one, other] = [evidence(fine), evidence(coarse)];
      expect(Math.log(one?.evidence ?? Number.NaN)).toBeCloseTo(Math.log(other?.evidence ?? Number.NaN), 6);
      if (one?.estimate !== undefined) expect(one.estimate).toBeCloseTo(other?.estimate ?? Number.NaN, 6);
    }),
    { numRuns: 300 },
  );
});

test("a side without requests in a look is waited for: nothing of the other is lost", () => {
  const [candidate, baseline, none] = [
    { requests: 50, events: 10 },
    { requests: 500, events: 3 },
    { requests: 0, events: 0 },
  ];
  const apart = Array.from({ length: 8 }, () => [[candidate, none] as const, [none, baseline] as const]).flat();
  const together = Array.from({ length: 8 }, () => [candidate, baseline] as const);
  expect(failsAt(together)).toBeLessThan(Infinity);
  expect(failsAt(apart)).toBe(failsAt(together) * 2 + 1);
});
