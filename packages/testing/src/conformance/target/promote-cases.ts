import assert from "node:assert/strict";
import type { Cases } from "../suite.js";
import { callOf, journalled, prepare, promote, question, refusesForGood, release, serves, type TargetFixture } from "./fixture.js";

/** `promote`: the last move, forward and back. */
export const promoteCases = {
  "promote makes a candidate serve": async (fixture) => {
    const first = await prepare(fixture, 1);
    await promote(fixture, first.candidate);
    await serves(fixture, first);
  },

  "a candidate that is prepared leaves what serves alone": async (fixture) => {
    const first = await release(fixture, 1);
    await prepare(fixture, 2);
    await serves(fixture, first);
  },

  "promote replaces what served": async (fixture) => {
    const first = await release(fixture, 1);
    const second = await prepare(fixture, 2);
    await promote(fixture, second.candidate, first.candidate);
    await serves(fixture, second);
  },

  "promote needs no word of what served before": async (fixture) => {
    await release(fixture, 1);
    const second = await prepare(fixture, 2);
    await promote(fixture, second.candidate);
    await serves(fixture, second);
  },

  "promoting what serves changes nothing": async (fixture) => {
    const first = await release(fixture, 1);
    await promote(fixture, first.candidate);
    await promote(fixture, first.candidate, first.candidate);
    await serves(fixture, first);
    assert.equal(await fixture.witness.candidates(), 1);
  },

  "promote goes back to what served before, and forward again": async (fixture) => {
    const first = await release(fixture, 1);
    const second = await release(fixture, 2);
    await promote(fixture, first.candidate, second.candidate);
    await serves(fixture, first);
    await promote(fixture, second.candidate, first.candidate);
    await serves(fixture, second);
  },

  "another process promotes what the journal kept": async (fixture) => {
    await release(fixture, 1);
    const second = await prepare(fixture, 2);
    const other = await fixture.again();
    await other.promote({ ...fixture.component, candidate: journalled(second.candidate) }, callOf(fixture));
    await serves(fixture, second, other);
  },

  "two promotes of one candidate at once end in it": async (fixture) => {
    const first = await release(fixture, 1);
    const second = await prepare(fixture, 2);
    const input = { ...fixture.component, candidate: second.candidate, previous: first.candidate };
    const targets = [fixture.target, await fixture.again()];
    await Promise.all(targets.map((target) => target.promote(input, callOf(fixture))));
    await serves(fixture, second);
  },

  "what does not exist is not promoted, and what serves goes on": async (fixture) => {
    const first = await release(fixture, 1);
    const nobody = { ...first.candidate, id: "no-such-candidate" };
    await refusesForGood(fixture.target.promote({ ...fixture.component, candidate: nobody }, callOf(fixture)));
    await serves(fixture, first);
  },

  "what serves now is read live": async (fixture) => {
    const other = await fixture.again();
    const first = await release(fixture, 1);
    await serves(fixture, first, other);
    const second = await release(fixture, 2);
    await serves(fixture, second, other);
  },

  "what serves is said as it was prepared": async (fixture) => {
    const { candidate, release: told } = await release(fixture, 1);
    const serving = await (await fixture.again()).current(fixture.component, question());
    assert.deepEqual({ id: serving?.candidate.id, url: serving?.candidate.url }, { id: candidate.id, url: candidate.url });
    if (serving?.release !== undefined) assert.equal(serving.release, told.id);
  },
} satisfies Cases<TargetFixture>;
