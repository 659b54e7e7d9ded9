import assert from "node:assert/strict";
import type { Cases } from "../suite.js";
import { callOf, inputOf, journalled, newKey, prepare, question, refusesForGood, releaseOf, type TargetFixture } from "./fixture.js";

/** `prepare`: one key, one candidate, and nobody is served by it. */
export const prepareCases = {
  "a candidate serves nobody": async (fixture) => {
    await prepare(fixture, 1);
    assert.deepEqual(await fixture.witness.serving(), []);
    assert.equal(await fixture.target.current(fixture.component, question()), undefined);
    assert.equal(await fixture.witness.candidates(), 1);
  },

  "a candidate is JSON, and its URL is one": async (fixture) => {
    const { candidate } = await prepare(fixture, 1);
    assert.deepEqual(journalled(candidate), candidate);
    assert.ok(typeof candidate.id === "string" && candidate.id !== "");
    if (candidate.url !== undefined) assert.ok(URL.canParse(candidate.url), `${candidate.url} is no URL`);
  },

  "the same key is the same candidate": async (fixture) => {
    const input = await inputOf(fixture, 1);
    const first = await fixture.target.prepare(input, callOf(fixture, input.key));
    const second = await fixture.target.prepare(input, callOf(fixture, input.key));
    assert.deepEqual(second, first);
    assert.equal(await fixture.witness.candidates(), 1);
  },

  "the same key is the same candidate for many at once": async (fixture) => {
    const input = await inputOf(fixture, 1);
    const made = await Promise.all(Array.from({ length: 5 }, () => fixture.target.prepare(input, callOf(fixture, input.key))));
    assert.equal(new Set(made.map(({ id }) => id)).size, 1);
    assert.equal(await fixture.witness.candidates(), 1);
  },

  "the same key is the same candidate for another process": async (fixture) => {
    const input = await inputOf(fixture, 1);
    const first = await fixture.target.prepare(input, callOf(fixture, input.key));
    const second = await (await fixture.again()).prepare(input, callOf(fixture, input.key));
    assert.deepEqual(second, first);
    assert.equal(await fixture.witness.candidates(), 1);
  },

  "the same key is the same candidate for two processes at once": async (fixture) => {
    const input = await inputOf(fixture, 1);
    const targets = [fixture.target, await fixture.again()];
    const made = await Promise.all(targets.map((target) => target.prepare(input, callOf(fixture, input.key))));
    assert.equal(new Set(made.map(({ id }) => id)).size, 1);
    assert.equal(await fixture.witness.candidates(), 1);
  },

  "another key is another candidate, also of the same content": async (fixture) => {
    const input = await inputOf(fixture, 1);
    const other = newKey();
    const first = await fixture.target.prepare(input, callOf(fixture, input.key));
    const second = await fixture.target.prepare({ ...input, key: other }, callOf(fixture, other));
    assert.notEqual(second.id, first.id);
    assert.equal(await fixture.witness.candidates(), 2);
  },

  "what can never become ready is refused for good, and serves nobody": async (fixture) => {
    const artifact = await fixture.brokenArtifact?.();
    if (artifact === undefined) return;
    const key = newKey();
    const input = { ...fixture.component, release: releaseOf(fixture, 1, artifact), artifact, key, variables: {} };
    await refusesForGood(fixture.target.prepare(input, callOf(fixture, key)));
    const { status } = await fixture.target.observe({ ...fixture.component, key }, question());
    assert.ok(status === "failed" || status === "absent", `observe says ${status}`);
    assert.deepEqual(await fixture.witness.serving(), []);
  },
} satisfies Cases<TargetFixture>;
