import assert from "node:assert/strict";
import type { TrafficCount, TrafficRouter } from "@fairlead/core";
import { recordedCall } from "../call.js";
import type { Cases } from "../suite.js";
import { close, share, sharesOf, shifting, type Pair, type TrafficFixture, type TrafficScene } from "./fixture.js";

/** What a router counts. */
export const countCases = {
  "it counts if it says so, and else it does not": async (fixture) => {
    const { metrics } = fixture.router.describe();
    for (const router of [fixture.router, await fixture.again()]) assert.equal(router.counts !== undefined, metrics);
  },

  "each request is counted of the candidate that it was sent to": async (fixture) => {
    const pair = await shifting(fixture);
    const before = await totalsOf(fixture, pair);
    if (before === undefined) return;
    const asked = { [pair.stable.id]: 0, [pair.candidate.id]: 0 };
    for (const percentage of sharesOf(fixture.router)) {
      await share(fixture, pair, percentage);
      for (let request = 0; request < 25; request += 1) {
        const answered = await fixture.ask();
        assert.ok(answered !== undefined, "a request was answered by nobody");
        asked[answered] = (asked[answered] ?? 0) + 1;
      }
    }
    for (const router of [fixture.router, await fixture.again()]) {
      const now = await totalsOf(fixture, pair, router);
      assert.ok(now !== undefined, "another instance counts as well");
      for (const { id } of [pair.stable, pair.candidate]) {
        assert.equal((now.requests[id] ?? 0) - (before.requests[id] ?? 0), asked[id]);
        assert.equal(now.errors[id] ?? 0, before.errors[id] ?? 0);
      }
    }
  },

  "what a candidate fails is counted as its error": async (fixture) => {
    if (fixture.askInVain === undefined) return;
    const pair = await shifting(fixture);
    const before = await totalsOf(fixture, pair);
    if (before === undefined) return;
    await share(fixture, pair, 100);
    for (let request = 0; request < 7; request += 1) await fixture.askInVain();
    for (let request = 0; request < 3; request += 1) await fixture.ask();
    const now = await totalsOf(fixture, pair);
    assert.ok(now !== undefined, "it goes on counting");
    const { id } = pair.candidate;
    assert.equal((now.requests[id] ?? 0) - (before.requests[id] ?? 0), 10);
    assert.equal((now.errors[id] ?? 0) - (before.errors[id] ?? 0), 7);
    assert.equal(now.errors[pair.stable.id] ?? 0, before.errors[pair.stable.id] ?? 0);
  },

  "what was counted is not less when the shares change, or the shift ends": async (fixture) => {
    const pair = await shifting(fixture);
    await share(fixture, pair, 100);
    for (let request = 0; request < 5; request += 1) await fixture.ask();
    const before = await totalsOf(fixture, pair);
    if (before === undefined) return;
    await share(fixture, pair, 0);
    await fixture.ask();
    await close(fixture);
    await fixture.ask();
    const now = await totalsOf(fixture, pair);
    assert.ok(now !== undefined, "it goes on counting");
    for (const { id } of [pair.stable, pair.candidate]) assert.ok((now.requests[id] ?? 0) >= (before.requests[id] ?? 0));
  },
} satisfies Cases<TrafficFixture>;

interface Totals {
  readonly requests: Readonly<Record<string, number>>;
  readonly errors: Readonly<Record<string, number>>;
}

/** What is counted of both, over all that count; nothing where the router does not. */
async function totalsOf(
  { component, router: own }: TrafficScene,
  { stable, candidate }: Pair,
  router: TrafficRouter = own,
): Promise<Totals | undefined> {
  const counts = await router.counts?.(component, recordedCall());
  if (counts === undefined) return undefined;
  for (const { requests, errors } of counts) {
    assert.ok(Number.isInteger(requests) && Number.isInteger(errors), "counts are whole numbers");
    assert.ok(errors >= 0 && errors <= requests, "of the requests some are errors");
  }
  const sumOf = (id: string, of: (count: TrafficCount) => number): number =>
    counts.filter((one) => one.candidate === id).reduce((sum, one) => sum + of(one), 0);
  const both = (of: (count: TrafficCount) => number) => Object.fromEntries([stable, candidate].map(({ id }) => [id, sumOf(id, of)]));
  return { requests: both(({ requests }) => requests), errors: both(({ errors }) => errors) };
}
