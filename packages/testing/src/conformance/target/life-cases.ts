import assert from "node:assert/strict";
import type { LogLine } from "@fairlead/core";
import type { Cases } from "../suite.js";
import { callOf, inputOf, newKey, prepare, promote, question, refusesForGood, release, serves, type TargetFixture } from "./fixture.js";

/** What a target keeps, lets go of, says about itself, and how it stops. */
export const lifeCases = {
  "it can run the role, and says what it is": async ({ target, component }) => {
    assert.ok(target.roles.includes(component.role), `it cannot run ${component.role}`);
    assert.notEqual(target.description.trim(), "");
    if (target.promoteTimeout !== undefined) assert.ok(target.promoteTimeout > 0);
  },

  "what served before is retained, newest first and without what serves": async (fixture) => {
    assert.deepEqual(await fixture.target.retained(fixture.component, question()), []);
    const first = await release(fixture, 1);
    assert.deepEqual(await fixture.target.retained(fixture.component, question()), []);
    const second = await release(fixture, 2);
    await release(fixture, 3);
    const retained = await (await fixture.again()).retained(fixture.component, question());
    const expected = [second, first];
    assert.deepEqual(
      retained.map(({ candidate }) => candidate.id),
      expected.map(({ candidate }) => candidate.id),
    );
    for (const [index, { createdAt, release: told }] of retained.entries()) {
      assert.equal(new Date(createdAt).toISOString(), createdAt);
      if (told !== undefined) assert.equal(told, expected[index]?.release.id);
    }
  },

  "what is retained can be promoted at once": async (fixture) => {
    const first = await release(fixture, 1);
    await release(fixture, 2);
    const [retained] = await fixture.target.retained(fixture.component, question());
    assert.ok(retained, "nothing is retained");
    await promote(fixture, retained.candidate);
    await serves(fixture, first);
  },

  "a candidate that serves nobody is removed, and once is enough": async (fixture) => {
    if (fixture.target.discard === undefined) return;
    const first = await release(fixture, 1);
    const { candidate, key } = await prepare(fixture, 2);
    await fixture.target.discard({ ...fixture.component, candidate }, callOf(fixture));
    assert.equal(await fixture.witness.candidates(), 1);
    const { status } = await fixture.target.observe({ ...fixture.component, key }, question());
    assert.ok(status === "absent" || status === "undone", `observe says ${status}`);
    await fixture.target.discard({ ...fixture.component, candidate }, callOf(fixture));
    await serves(fixture, first);
  },

  "what serves is not removed": async (fixture) => {
    if (fixture.target.discard === undefined) return;
    const first = await release(fixture, 1);
    await refusesForGood(fixture.target.discard({ ...fixture.component, candidate: first.candidate }, callOf(fixture)));
    await serves(fixture, first);
    assert.equal(await fixture.witness.candidates(), 1);
  },

  "removing what never existed is fine, and removes nothing": async (fixture) => {
    if (fixture.target.discard === undefined) return;
    const first = await release(fixture, 1);
    const nobody = { ...first.candidate, id: "no-such-candidate" };
    await fixture.target.discard({ ...fixture.component, candidate: nobody }, callOf(fixture));
    await serves(fixture, first);
  },

  "logs are in their order, begin where they are asked to, and end": async (fixture, { soon }) => {
    const { target, component } = fixture;
    if (target.logs === undefined) return;
    const { candidate } = await release(fixture, 1);
    const all = await soon("the end of the logs", collect(target.logs({ ...component, candidate }, question())));
    const times = all.map(({ at }) => at);
    for (const at of times) assert.equal(new Date(at).toISOString(), at);
    assert.deepEqual(times, [...times].sort());
    const last = times.at(-1);
    if (last === undefined) return;
    const rest = await soon("the end of the logs", collect(target.logs({ ...component, candidate, since: last }, question())));
    assert.deepEqual(
      rest.filter(({ at }) => at < last),
      [],
    );
  },

  "a call that was aborted before it began does nothing": async (fixture, { soon }) => {
    const { target, component } = fixture;
    const first = await release(fixture, 1);
    const second = await prepare(fixture, 2);
    const input = await inputOf(fixture, 3);
    const aborted = AbortSignal.abort();
    const refused = (work: Promise<unknown>): Promise<void> => soon("the refusal", assert.rejects(work));
    await refused(target.prepare(input, callOf(fixture, input.key, aborted)));
    await refused(target.promote({ ...component, candidate: second.candidate }, callOf(fixture, newKey(), aborted)));
    if (target.discard !== undefined)
      await refused(target.discard({ ...component, candidate: second.candidate }, callOf(fixture, newKey(), aborted)));
    assert.equal(await fixture.witness.candidates(), 2);
    await serves(fixture, first);
  },

  "an abort ends a call soon, and the same key can be prepared again": async (fixture, { soon }) => {
    const input = await inputOf(fixture, 1);
    const controller = new AbortController();
    const cut = fixture.target.prepare(input, callOf(fixture, input.key, controller.signal));
    const ended = cut.then(
      () => undefined,
      () => undefined,
    );
    await new Promise((resolve) => setTimeout(resolve, 1));
    controller.abort();
    await soon("the end of the call", ended);
    const candidate = await (await fixture.again()).prepare(input, callOf(fixture, input.key));
    assert.equal(await fixture.witness.candidates(), 1);
    await promote(fixture, candidate);
    await serves(fixture, { candidate, release: input.release, key: input.key });
  },
} satisfies Cases<TargetFixture>;

async function collect(lines: AsyncIterable<LogLine>): Promise<readonly LogLine[]> {
  const collected: LogLine[] = [];
  for await (const line of lines) collected.push(line);
  return collected;
}
