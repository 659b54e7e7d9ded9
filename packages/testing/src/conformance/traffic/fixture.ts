import assert from "node:assert/strict";
import {
  isFairleadError,
  type Candidate,
  type ComponentReference,
  type DeploymentCall,
  type TrafficRouter,
  type TrafficWeights,
} from "@fairlead/core";
import { recordedCall, type RecordedCall } from "../call.js";
import type { Fixture } from "../suite.js";

/** A router before one component, and somebody who sends it requests as users do. */
export interface TrafficScene {
  readonly router: TrafficRouter;
  /** The component: of this case alone. No shift is open for it, and nothing serves. */
  readonly component: ComponentReference;
  /** Makes a candidate that answers requests once they are sent to it. Each call makes another one. */
  readonly prepare: () => Promise<Candidate> | Candidate;
  /** Makes it what the target calls current. */
  readonly promote: (candidate: Candidate) => Promise<void> | void;
  /** Sends one request through the router as a user would, and says the id of the candidate that answered it; `undefined` where none did. Requests with the same `session` are of one user. */
  readonly ask: (session?: string) => Promise<string | undefined> | string | undefined;
  /** The same with a request that whoever it is sent to fails, with a status of 500 or by not answering. Left out where a test cannot do so: then nothing is asked about errors that are counted. */
  readonly askInVain?: () => Promise<string | undefined> | string | undefined;
}

/** What a case works with. */
export interface TrafficFixture extends TrafficScene, Fixture {
  /** Another instance of the plugin on the same provider, as another process would have it. */
  readonly again: () => Promise<TrafficRouter> | TrafficRouter;
  /** The same in another environment, at the same provider. Left out where there can be only one: then nothing is asked about it. */
  readonly elsewhere?: () => Promise<TrafficScene> | TrafficScene;
  /** Begins a request, which has reached a candidate when this resolves and is answered after `end`. Left out where a test cannot do so: then nothing is asked about requests in flight. */
  readonly begin?: () => Promise<HeldRequest> | HeldRequest;
  /** From now on the provider cannot be asked. Left out where that cannot happen. */
  readonly outage?: () => Promise<void> | void;
  /** From now on the provider takes calls and never answers. Left out where that cannot happen. */
  readonly silence?: () => Promise<void> | void;
  /** What the provider is asked with, that nobody may see. */
  readonly credentials?: readonly string[];
}

/** A request that a candidate is answering. */
export interface HeldRequest {
  /** Who answered; `undefined` where the answer never came. */
  readonly answer: Promise<string | undefined>;
  /** Lets the candidate answer. */
  readonly end: () => void;
}

/** Two candidates, the first of which serves. */
export interface Pair {
  readonly stable: Candidate;
  readonly candidate: Candidate;
}

/** A call of a deployment, and all that is logged in it. */
export type RecordedDeploymentCall = RecordedCall & DeploymentCall;

let minted = 0;

/** A call of a deployment, with a key that no other has. */
export function callOf({ component }: Pick<TrafficScene, "component">, signal?: AbortSignal): RecordedDeploymentCall {
  minted += 1;
  return {
    ...recordedCall(signal),
    environment: component.environment,
    deploymentId: "dep_conformance",
    idempotencyKey: `conformance-${String(minted)}-${String(performance.timeOrigin)}`,
  };
}

/** A candidate that serves, and one beside it. */
export async function pairOf(scene: TrafficScene): Promise<Pair> {
  const stable = await scene.prepare();
  await scene.promote(stable);
  return { stable, candidate: await scene.prepare() };
}

/** The two shares that a case sends: such as the router can. */
export function sharesOf(router: TrafficRouter): readonly [number, number] {
  return router.describe().weights === "none" ? [100, 100] : [20, 70];
}

/** Opens a shift that may send the shares of `sharesOf` and all. */
export function open(scene: TrafficScene, { stable, candidate }: Pair, router = scene.router): Promise<void> {
  return router.open({ ...scene.component, stable, candidate, steps: [...new Set([...sharesOf(router), 100])] }, callOf(scene));
}

/** Gives the candidate of a shift its share. */
export function share(scene: TrafficScene, { stable, candidate }: Pair, percentage: number, router = scene.router): Promise<void> {
  return router.setWeights({ ...scene.component, weights: { [stable.id]: 100 - percentage, [candidate.id]: percentage } }, callOf(scene));
}

/** A pair, and an open shift between it. */
export async function shifting(scene: TrafficScene): Promise<Pair> {
  const pair = await pairOf(scene);
  await open(scene, pair);
  return pair;
}

export function close(scene: TrafficScene, router = scene.router): Promise<void> {
  return router.close(scene.component, callOf(scene));
}

export function weightsOf(scene: TrafficScene, router = scene.router): Promise<TrafficWeights> {
  return router.getWeights(scene.component, recordedCall());
}

/** The shares of a shift as they are to be read. */
export function between({ stable, candidate }: Pair, percentage: number): TrafficWeights {
  return { [stable.id]: 100 - percentage, [candidate.id]: percentage };
}

const atOnce = 20;

/** Sends requests, each of a new user, and adds them up by who answered; `nobody` for those without an answer. */
async function count(scene: TrafficScene, requests: number, counts: Map<string, number>): Promise<void> {
  for (let asked = 0; asked < requests; asked += atOnce) {
    for (const answered of await Promise.all(Array.from({ length: atOnce }, async () => scene.ask())))
      counts.set(answered ?? "nobody", (counts.get(answered ?? "nobody") ?? 0) + 1);
  }
}

/** All requests are answered by this candidate. */
export async function answersAlone(scene: TrafficScene, { id }: Candidate): Promise<void> {
  const counts = new Map<string, number>();
  await count(scene, 60, counts);
  assert.deepEqual([...counts.keys()], [id]);
}

/** The router says these shares, and users meet them. */
export async function sends(scene: TrafficScene, pair: Pair, percentage: number, router = scene.router): Promise<void> {
  assert.deepEqual(await weightsOf(scene, router), between(pair, percentage));
  if (percentage % 100 === 0) {
    await answersAlone(scene, percentage === 0 ? pair.stable : pair.candidate);
    return;
  }
  const counts = new Map<string, number>();
  let off = Infinity;
  // Where chance decides about each request, more of them are needed before a share can be called wrong; then it does so once in many thousand runs.
  for (const [requests, allowed] of [
    [100, 5],
    [300, 10],
  ] as const) {
    await count(scene, requests, counts);
    const all = [...counts.values()].reduce((sum, one) => sum + one, 0);
    off = Math.abs((100 * (counts.get(pair.candidate.id) ?? 0)) / all - percentage);
    if (off <= allowed) break;
  }
  assert.deepEqual([...counts.keys()].sort(), [pair.stable.id, pair.candidate.id].sort());
  assert.ok(off <= 10, `what was to get ${String(percentage)} % of the requests got ${off.toFixed(1)} points more or less`);
}

/** Rejects with an error of the catalogue that no second try would mend. */
export async function refusesForGood(work: Promise<unknown>): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(isFairleadError(error), `expected an error of the catalogue, not ${String(error)}`);
    assert.equal(error.retryable, false, `${error.code} says that trying again may help`);
    return true;
  });
}

/** A candidate as it comes back from the journal. */
export function journalled(pair: Pair): Pair {
  return JSON.parse(JSON.stringify(pair)) as Pair;
}
