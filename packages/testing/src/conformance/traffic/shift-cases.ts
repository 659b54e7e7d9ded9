import assert from "node:assert/strict";
import type { Cases } from "../suite.js";
import {
  answersAlone,
  between,
  close,
  journalled,
  open,
  pairOf,
  refusesForGood,
  share,
  sharesOf,
  shifting,
  sends,
  weightsOf,
  type TrafficFixture,
} from "./fixture.js";

/** How a shift begins and ends, and what it has to do with what the target calls current. */
export const shiftCases = {
  "where nothing serves there are no shares": async (fixture) => {
    assert.deepEqual(await weightsOf(fixture), {});
  },

  "without a shift all traffic goes to what the target calls current": async (fixture) => {
    const { stable, candidate } = await pairOf(fixture);
    assert.deepEqual(await weightsOf(fixture), { [stable.id]: 100 });
    await answersAlone(fixture, stable);
    await fixture.promote(candidate);
    assert.deepEqual(await weightsOf(fixture), { [candidate.id]: 100 });
    await answersAlone(fixture, candidate);
  },

  "opening a shift leaves all traffic with what serves, and names both": async (fixture) => {
    const pair = await shifting(fixture);
    assert.deepEqual(await weightsOf(fixture), between(pair, 0));
    await answersAlone(fixture, pair.stable);
  },

  "opening the same shift again changes nothing": async (fixture) => {
    const pair = await shifting(fixture);
    const [percentage] = sharesOf(fixture.router);
    await share(fixture, pair, percentage);
    await open(fixture, pair);
    await open(fixture, journalled(pair), await fixture.again());
    await sends(fixture, pair, percentage);
  },

  "a shift between others takes the place of the one that is open": async (fixture) => {
    const former = await shifting(fixture);
    const [percentage] = sharesOf(fixture.router);
    await share(fixture, former, percentage);
    const pair = { stable: former.stable, candidate: await fixture.prepare() };
    await open(fixture, pair);
    await sends(fixture, pair, 0);
    await refusesForGood(share(fixture, former, percentage));
    await share(fixture, pair, percentage);
    await sends(fixture, pair, percentage);
  },

  "another process goes on with a shift": async (fixture) => {
    const pair = await shifting(fixture);
    const other = await fixture.again();
    const [first, second] = sharesOf(fixture.router);
    await share(fixture, pair, first);
    await sends(fixture, pair, first, other);
    await share(fixture, journalled(pair), second, other);
    await sends(fixture, pair, second);
    await close(fixture, other);
    assert.deepEqual(await weightsOf(fixture), { [pair.stable.id]: 100 });
  },

  "closing sends all traffic to what the target calls current, and once is enough": async (fixture) => {
    const pair = await shifting(fixture);
    await share(fixture, pair, sharesOf(fixture.router)[1]);
    for (const router of [fixture.router, fixture.router, await fixture.again()]) {
      await close(fixture, router);
      assert.deepEqual(await weightsOf(fixture), { [pair.stable.id]: 100 });
      await answersAlone(fixture, pair.stable);
    }
  },

  "closing without a shift changes nothing": async (fixture) => {
    const { stable } = await pairOf(fixture);
    await close(fixture);
    assert.deepEqual(await weightsOf(fixture), { [stable.id]: 100 });
    await answersAlone(fixture, stable);
  },

  "a promote during a shift moves nothing until it is closed": async (fixture) => {
    const pair = await shifting(fixture);
    const [percentage] = sharesOf(fixture.router);
    await fixture.promote(pair.candidate);
    await sends(fixture, pair, 0);
    await share(fixture, pair, percentage);
    await sends(fixture, pair, percentage);
    await close(fixture);
    assert.deepEqual(await weightsOf(fixture), { [pair.candidate.id]: 100 });
    await answersAlone(fixture, pair.candidate);
  },

  "a shift that is opened again begins anew": async (fixture) => {
    const pair = await shifting(fixture);
    const [percentage] = sharesOf(fixture.router);
    await share(fixture, pair, percentage);
    await close(fixture);
    await refusesForGood(share(fixture, pair, percentage));
    await open(fixture, pair);
    await sends(fixture, pair, 0);
    await share(fixture, pair, percentage);
    await sends(fixture, pair, percentage);
  },

  "another environment is left alone": async (fixture) => {
    if (fixture.elsewhere === undefined) return;
    const here = await shifting(fixture);
    const [first, second] = sharesOf(fixture.router);
    await share(fixture, here, first);
    const elsewhere = await fixture.elsewhere();
    assert.deepEqual(await weightsOf(elsewhere), {}, "what serves here is said to serve there");
    const there = await shifting(elsewhere);
    await share(elsewhere, there, second);
    await sends(fixture, here, first);
    await close(fixture);
    await sends(elsewhere, there, second);
    assert.deepEqual(await weightsOf(fixture), { [here.stable.id]: 100 });
  },
} satisfies Cases<TrafficFixture>;
