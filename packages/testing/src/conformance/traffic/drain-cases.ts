import assert from "node:assert/strict";
import type { Cases } from "../suite.js";
import { answersAlone, callOf, share, sharesOf, shifting, type TrafficFixture } from "./fixture.js";

/** How a candidate is taken out of traffic. */
export const drainCases = {
  "a candidate that is drained gets no new request": async (fixture) => {
    const { stable, candidate } = await shifting(fixture);
    await share(fixture, { stable, candidate }, sharesOf(fixture.router)[1]);
    assert.deepEqual(await drain(fixture, candidate), { inFlight: 0 });
    await answersAlone(fixture, stable);
    assert.deepEqual(await drain(fixture, candidate), { inFlight: 0 });
    await answersAlone(fixture, stable);
  },

  "requests in flight are answered by the candidate that is drained": async (fixture, { soon }) => {
    if (fixture.begin === undefined) return;
    const pair = await shifting(fixture);
    await share(fixture, pair, 100);
    const request = await fixture.begin();
    let said: number | undefined;
    const drained = drain(fixture, pair.candidate).then(({ inFlight }) => (said = inFlight));
    drained.catch(() => undefined);
    await soon(
      "the end of new requests",
      until(async () => (await fixture.ask()) === pair.stable.id),
    );
    await answersAlone(fixture, pair.stable);
    assert.notEqual(said, 0, "it said that nothing was in flight, and a request was");
    request.end();
    assert.equal(await soon("the answer to the request in flight", request.answer), pair.candidate.id);
    await soon("the end of the drain", drained);
    await soon(
      "a drain that finds nothing",
      until(async () => (await drain(fixture, pair.candidate)).inFlight === 0),
    );
  },
} satisfies Cases<TrafficFixture>;

function drain(fixture: TrafficFixture, candidate: { readonly id: string }): Promise<{ readonly inFlight: number }> {
  return fixture.router.drain({ ...fixture.component, candidate }, callOf(fixture));
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 2_000 && !(await condition()); tries += 1) await new Promise((resolve) => setTimeout(resolve, 5));
}
