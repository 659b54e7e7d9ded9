import assert from "node:assert/strict";
import type { Candidate } from "@fairlead/core";
import { recordedCall } from "../call.js";
import type { Cases } from "../suite.js";
import {
  answersAlone,
  callOf,
  open,
  pairOf,
  refusesForGood,
  sends,
  share,
  sharesOf,
  shifting,
  weightsOf,
  between,
  type Pair,
  type TrafficFixture,
} from "./fixture.js";

/** Which shares are sent, and which are refused. */
export const shareCases = {
  "shares are sent as they are set": async (fixture) => {
    const pair = await shifting(fixture);
    for (const percentage of [...sharesOf(fixture.router), 100]) {
      await share(fixture, pair, percentage);
      await sends(fixture, pair, percentage);
    }
  },

  "shares go back as they came, and to none": async (fixture) => {
    const pair = await shifting(fixture);
    const [first, second] = sharesOf(fixture.router);
    for (const percentage of [second, first, 0, second]) {
      await share(fixture, pair, percentage);
      await sends(fixture, pair, percentage);
    }
  },

  "shares that are set again are the same shares": async (fixture) => {
    const pair = await shifting(fixture);
    const [percentage] = sharesOf(fixture.router);
    for (const router of [fixture.router, fixture.router, await fixture.again()]) {
      await share(fixture, pair, percentage, router);
      assert.deepEqual(await weightsOf(fixture), between(pair, percentage));
    }
    await sends(fixture, pair, percentage);
  },

  "shares without a shift are refused for good": async (fixture) => {
    const pair = await pairOf(fixture);
    await refusesForGood(share(fixture, pair, sharesOf(fixture.router)[0]));
    assert.deepEqual(await weightsOf(fixture), { [pair.stable.id]: 100 });
    await answersAlone(fixture, pair.stable);
  },

  "shares that do not sum to 100 are refused for good": async (fixture) => {
    const pair = await shifting(fixture);
    const [percentage] = sharesOf(fixture.router);
    await share(fixture, pair, percentage);
    for (const [rest, some] of [
      [80, 100],
      [0, percentage - 10],
      [-20, 120],
      [Number.NaN, percentage],
    ] as const) {
      await refuses(fixture, { [pair.stable.id]: rest, [pair.candidate.id]: some });
    }
    await sends(fixture, pair, percentage);
  },

  "candidates that no shift is open for are refused for good": async (fixture) => {
    const pair = await shifting(fixture);
    const [percentage] = sharesOf(fixture.router);
    await share(fixture, pair, percentage);
    const stranger: Candidate = await fixture.prepare();
    await refuses(fixture, between({ stable: pair.stable, candidate: stranger }, percentage));
    await refuses(fixture, between({ stable: stranger, candidate: pair.candidate }, percentage));
    await refuses(fixture, between({ stable: pair.stable, candidate: { id: "no-such-candidate" } }, percentage));
    await sends(fixture, pair, percentage);
  },

  "shares that it cannot send are refused for good": async (fixture) => {
    const { weights } = fixture.router.describe();
    if (weights === "any") return;
    const pair = await shifting(fixture);
    await refusesForGood(share(fixture, pair, 33));
    await sends(fixture, pair, 0);
    const last = sharesOf(fixture.router)[1];
    await share(fixture, pair, last);
    await refusesForGood(share(fixture, pair, 33));
    await sends(fixture, pair, last);
  },

  "a session stays with its side while its share grows, and leaves it with the last of it": async (fixture) => {
    const { affinity, weights } = fixture.router.describe();
    if (affinity === "none" || weights === "none") return;
    const pair = await shifting(fixture);
    const [few, many] = sharesOf(fixture.router);
    await share(fixture, pair, few);
    const sessions = Array.from({ length: 60 }, (_, index) => `user-${String(index)}`);
    const met = await sidesOf(fixture, sessions);
    const moved = sessions.filter((_, index) => met[index] === pair.candidate.id);
    assert.notEqual(moved.length, 0, "no session met the candidate");
    assert.deepEqual(await sidesOf(fixture, sessions), met, "a session changed its side though no share did");
    await share(fixture, pair, many);
    assert.deepEqual([...new Set(await sidesOf(fixture, moved))], [pair.candidate.id]);
    await share(fixture, pair, 0);
    assert.deepEqual([...new Set(await sidesOf(fixture, sessions))], [pair.stable.id]);
  },

  "no request is lost while shares change": async (fixture) => {
    if (!fixture.router.describe().lossless) return;
    const pair = await pairOf(fixture);
    const [few, many] = sharesOf(fixture.router);
    let over = false;
    let unanswered = 0;
    const ask = async (): Promise<void> => {
      while (!over) {
        if ((await fixture.ask()) === undefined) unanswered += 1;
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const users = Promise.all([ask(), ask(), ask()]);
    try {
      for (let round = 0; round < 10; round += 1) {
        await open(fixture, pair);
        for (const percentage of [few, many, 100, 0]) await share(fixture, pair, percentage);
        await fixture.router.close(fixture.component, callOf(fixture));
      }
    } finally {
      over = true;
      await users;
    }
    assert.equal(unanswered, 0, "requests were not answered");
  },
} satisfies Cases<TrafficFixture>;

async function refuses(fixture: TrafficFixture, weights: Readonly<Record<string, number>>): Promise<void> {
  const before = await weightsOf(fixture);
  await refusesForGood(fixture.router.setWeights({ ...fixture.component, weights }, callOf(fixture)));
  assert.deepEqual(await fixture.router.getWeights(fixture.component, recordedCall()), before);
}

async function sidesOf(fixture: TrafficFixture, sessions: readonly string[]): Promise<readonly (Pair["stable"]["id"] | undefined)[]> {
  const sides: (string | undefined)[] = [];
  for (const session of sessions) sides.push(await fixture.ask(session));
  return sides;
}
