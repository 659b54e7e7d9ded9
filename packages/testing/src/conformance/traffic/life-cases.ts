import assert from "node:assert/strict";
import { isFairleadError, type TrafficAbilities } from "@fairlead/core";
import { recordedCall } from "../call.js";
import { holdNoSecret } from "../secrecy.js";
import type { Cases } from "../suite.js";
import {
  callOf,
  open,
  pairOf,
  sends,
  share,
  sharesOf,
  shifting,
  type Pair,
  type RecordedDeploymentCall,
  type TrafficFixture,
} from "./fixture.js";

/** What a router says about itself and about its provider, and how it stops. */
export const lifeCases = {
  "it says all that it can do, and the same each time": async (fixture) => {
    const abilities = fixture.router.describe();
    assert.ok(["any", "staged", "none"].includes(abilities.weights));
    assert.ok(["none", "cookie", "client"].includes(abilities.affinity));
    assert.ok(abilities.segments.every((segment) => ["header", "cookie", "list"].includes(segment)));
    const { drain, metrics, lossless } = abilities;
    for (const ability of [drain, metrics, lossless]) assert.equal(typeof ability, "boolean");
    const said = JSON.stringify(inOrder(abilities));
    await shifting(fixture);
    for (const router of [fixture.router, await fixture.again()]) assert.equal(JSON.stringify(inOrder(router.describe())), said);
  },

  "a call that was aborted before it began does nothing": async (fixture, { soon }) => {
    const pair = await shifting(fixture);
    const [percentage, more] = sharesOf(fixture.router);
    await share(fixture, pair, percentage);
    const other = { stable: pair.stable, candidate: await fixture.prepare() };
    for (const work of everyCall(fixture, pair, { other, percentage: more, call: () => callOf(fixture, AbortSignal.abort()) }))
      await soon("the refusal", assert.rejects(work));
    await sends(fixture, pair, percentage);
  },

  "an abort ends a call to a provider that does not answer": async (fixture, { soon }) => {
    if (fixture.silence === undefined) return;
    const pair = await shifting(fixture);
    await fixture.silence();
    const abort = new AbortController();
    const calls = everyCall(fixture, pair, {
      other: pair,
      percentage: sharesOf(fixture.router)[0],
      call: () => callOf(fixture, abort.signal),
    });
    const ended = Promise.allSettled(calls);
    await new Promise((resolve) => setTimeout(resolve, 20));
    abort.abort();
    await soon("the end of the calls", ended);
  },

  "a provider that cannot be asked rejects so that it is asked again, and says no shares": async (fixture) => {
    if (fixture.outage === undefined) return;
    const pair = await shifting(fixture);
    await fixture.outage();
    for (const work of everyCall(fixture, pair, { other: pair, percentage: sharesOf(fixture.router)[0], call: () => callOf(fixture) })) {
      await assert.rejects(work, (error) => {
        assert.ok(isFairleadError(error), `expected an error of the catalogue, not ${String(error)}`);
        assert.ok(error.retryable, "asking again may help");
        return true;
      });
    }
  },

  "nothing that it says holds what the provider is asked with": async (fixture) => {
    const pair = await pairOf(fixture);
    const calls: RecordedDeploymentCall[] = [];
    const call = (): RecordedDeploymentCall => {
      const recorded = callOf(fixture);
      calls.push(recorded);
      return recorded;
    };
    const said: unknown[] = [fixture.router.describe()];
    const listen = async (): Promise<void> => {
      for (const work of everyCall(fixture, pair, { other: pair, percentage: 33, call }))
        said.push(await work.catch((error: unknown) => error));
    };
    await listen();
    said.push(await open(fixture, pair).catch((error: unknown) => error));
    await listen();
    await fixture.outage?.();
    await listen();
    await holdNoSecret(fixture.credentials ?? [], [...said, JSON.stringify(said), ...calls.flatMap(({ lines }) => lines)]);
  },
} satisfies Cases<TrafficFixture>;

/** Each method once. */
function everyCall(
  { router, component }: TrafficFixture,
  { stable, candidate }: Pair,
  { other, percentage, call }: { readonly other: Pair; readonly percentage: number; readonly call: () => RecordedDeploymentCall },
): readonly Promise<unknown>[] {
  const calls: readonly (() => Promise<unknown>)[] = [
    () => router.open({ ...component, ...other, steps: [percentage] }, call()),
    () => router.setWeights({ ...component, weights: { [stable.id]: 100 - percentage, [candidate.id]: percentage } }, call()),
    () => router.getWeights(component, { ...recordedCall(), ...call() }),
    ...(router.counts === undefined ? [] : [() => router.counts?.(component, { ...recordedCall(), ...call() }) ?? Promise.resolve()]),
    () => router.drain({ ...component, candidate }, call()),
    () => router.close(component, call()),
  ];
  return calls.map((one) => {
    // All may be asked at once: whoever looks at one must not be told by the runtime that another one failed.
    const work = one();
    work.catch(() => undefined);
    return work;
  });
}

function inOrder(abilities: TrafficAbilities): readonly (readonly [string, unknown])[] {
  return Object.entries(abilities).sort(([one], [other]) => (one < other ? -1 : 1));
}
