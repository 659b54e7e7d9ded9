import { digestOf, type Candidate, type DeploymentCall, type TrafficAbilities } from "@fairlead/core";
import { expect, test } from "vitest";
import { createTestClock } from "../clock/test-clock.js";
import { createFakeProvider, type FakeProvider } from "./fake-provider.js";
import { createFakeTarget } from "./fake-target.js";
import { createFakeTraffic } from "./fake-traffic.js";

const component = { application: "shop", environment: "production", component: "web", role: "web" } as const;

function createCall(signal = new AbortController().signal): DeploymentCall {
  const say = (): void => undefined;
  return { signal, environment: "production", deploymentId: "dep_1", idempotencyKey: "key-1", log: { info: say, warn: say, error: say } };
}

interface Stage {
  readonly provider: FakeProvider;
  readonly stable: Candidate;
  readonly candidate: Candidate;
  readonly promote: (candidate: Candidate) => Promise<void>;
  readonly discard: (candidate: Candidate) => Promise<void>;
}

/** A provider where a first release serves and a second one stands beside it. */
async function createStage(): Promise<Stage> {
  const provider = createFakeProvider();
  const target = createFakeTarget({ provider, takes: { prepare: "0ms" } });
  const prepare = (number: number): Promise<Candidate> => {
    const artifact = { kind: "directory", digest: digestOf(number), files: 1 } as const;
    const release = {
      id: `rel_${String(number)}`,
      application: "shop",
      createdAt: "2026-01-01T00:00:00.000Z",
      provenance: {},
      artifacts: { web: artifact },
      migrations: [],
      contentDigest: artifact.digest,
    };
    return target.prepare({ ...component, release, artifact, key: `key-${String(number)}`, variables: {} }, createCall());
  };
  const promote = (candidate: Candidate): Promise<void> => target.promote({ ...component, candidate }, createCall());
  const stable = await prepare(1);
  await promote(stable);
  const discard = (candidate: Candidate): Promise<void> => target.discard({ ...component, candidate }, createCall());
  return { provider, stable, candidate: await prepare(2), promote, discard };
}

/** How many of so many requests each candidate answered. */
function ask(provider: FakeProvider, requests: number): Record<string, number> {
  const counts: Record<string, number> = {};
  for (let asked = 0; asked < requests; asked += 1) {
    const id = provider.ask(component) ?? "nobody";
    counts[id] = (counts[id] ?? 0) + 1;
  }
  return counts;
}

const shares = ({ stable, candidate }: Stage, share: number): Record<string, number> => ({
  [stable.id]: 100 - share,
  [candidate.id]: share,
});

test("every change is in the provider's effects, once, whichever router made it", async () => {
  const stage = await createStage();
  const { provider, stable, candidate, promote } = stage;
  const before = provider.effects.length;
  for (const change of [
    () => createFakeTraffic({ provider }).open({ ...component, stable, candidate, steps: [25] }, createCall()),
    () => createFakeTraffic({ provider }).setWeights({ ...component, weights: shares(stage, 25) }, createCall()),
    () => promote(candidate),
    () => createFakeTraffic({ provider }).close(component, createCall()),
  ]) {
    await change();
    await change();
  }
  const which = { component: "web", candidate: candidate.id, release: "rel_2" };
  expect(provider.effects.slice(before)).toEqual([
    { kind: "shift.opened", ...which, from: stable.id },
    { kind: "share.set", ...which, share: 25 },
    { kind: "traffic.moved", ...which, from: stable.id },
    { kind: "shift.closed", ...which, from: stable.id },
  ]);
});

test("requests are answered by the shares, of a hundred exactly so many, and by what was promoted once the shift is closed", async () => {
  const stage = await createStage();
  const { provider, stable, candidate, promote } = stage;
  const traffic = createFakeTraffic({ provider });
  expect(ask(provider, 100)).toEqual({ [stable.id]: 100 });
  await traffic.open({ ...component, stable, candidate, steps: [] }, createCall());
  await traffic.setWeights({ ...component, weights: shares(stage, 30) }, createCall());
  expect(ask(provider, 100)).toEqual({ [stable.id]: 70, [candidate.id]: 30 });
  await promote(candidate);
  expect(ask(provider, 100)).toEqual({ [stable.id]: 70, [candidate.id]: 30 });
  await traffic.close(component, createCall());
  expect(ask(provider, 100)).toEqual({ [candidate.id]: 100 });
});

test("nobody answers what is sent to a candidate that was removed", async () => {
  const stage = await createStage();
  const { provider, stable, candidate, discard } = stage;
  const traffic = createFakeTraffic({ provider });
  await traffic.open({ ...component, stable, candidate, steps: [] }, createCall());
  await traffic.setWeights({ ...component, weights: shares(stage, 40) }, createCall());
  await discard(candidate);
  expect(ask(provider, 100)).toEqual({ [stable.id]: 60, nobody: 40 });
});

test.for([
  ["reject", 0],
  ["reject-after", 1],
] as const)("%s: the call fails with %i effects, and the next one does not", async ([kind, effects]) => {
  const stage = await createStage();
  const { provider, stable, candidate } = stage;
  const traffic = createFakeTraffic({ provider });
  await traffic.open({ ...component, stable, candidate, steps: [] }, createCall());
  const before = provider.effects.length;
  provider.fault({ method: "setWeights", kind });
  const input = { ...component, weights: shares(stage, 10) };
  await expect(traffic.setWeights(input, createCall())).rejects.toMatchObject({ code: "FAKE_TRAFFIC_FAILED", retryable: true });
  expect(provider.effects.length - before).toBe(effects);
  await traffic.setWeights(input, createCall());
  expect(provider.effects.length - before).toBe(1);
});

test.for([
  ["any", [1, 33.3, 99, 100, 0]],
  ["staged", [10, 50, 0]],
  ["none", [100, 0]],
] as const)("with %s shares it sends %j and refuses others", async ([weights, allowed]) => {
  const stage = await createStage();
  const { stable, candidate, provider } = stage;
  const abilities: Partial<TrafficAbilities> = { weights };
  const traffic = createFakeTraffic({ provider, abilities });
  await traffic.open({ ...component, stable, candidate, steps: [10, 50] }, createCall());
  for (const share of allowed) {
    await traffic.setWeights({ ...component, weights: shares(stage, share) }, createCall());
    expect(await traffic.getWeights(component, createCall())).toEqual(shares(stage, share));
  }
  const refused = weights === "any" ? 101 : 20;
  await expect(traffic.setWeights({ ...component, weights: shares(stage, refused) }, createCall())).rejects.toMatchObject({
    code: "FAKE_SHARES_REFUSED",
    retryable: false,
  });
});

test("a change takes effect when its time is over, and none after an abort", async () => {
  const clock = createTestClock();
  const { provider, stable, candidate } = await createStage();
  const traffic = createFakeTraffic({ provider, clock, takes: "3s" });
  const aborted = new AbortController();
  const cut = traffic.open({ ...component, stable, candidate, steps: [] }, createCall(aborted.signal));
  cut.catch(() => undefined);
  await clock.advance("2s");
  aborted.abort(new Error("the time is up"));
  await expect(cut).rejects.toThrow();
  await clock.advance("10s");
  expect(provider.effects.map(({ kind }) => kind)).not.toContain("shift.opened");
  const opening = traffic.open({ ...component, stable, candidate, steps: [] }, createCall());
  await clock.advance("3s");
  await opening;
  expect(provider.effects.at(-1)).toMatchObject({ kind: "shift.opened" });
});

test("a drain waits for what is in flight if it can, and else says how much that is", async () => {
  const stage = await createStage();
  const { provider, stable, candidate } = stage;
  const traffic = createFakeTraffic({ provider });
  await traffic.open({ ...component, stable, candidate, steps: [] }, createCall());
  await traffic.setWeights({ ...component, weights: shares(stage, 100) }, createCall());
  const request = provider.request(component);
  const impatient = createFakeTraffic({ provider, abilities: { drain: false } });
  expect(await impatient.drain({ ...component, candidate }, createCall())).toEqual({ inFlight: 1 });
  expect(ask(provider, 10)).toEqual({ [stable.id]: 10 });
  const aborted = new AbortController();
  const cut = traffic.drain({ ...component, candidate }, createCall(aborted.signal));
  aborted.abort(new Error("the time is up"));
  await expect(cut).rejects.toThrow("the time is up");
  const drained = traffic.drain({ ...component, candidate }, createCall());
  request?.end();
  expect(await drained).toEqual({ inFlight: 0 });
  await traffic.close(component, createCall());
  await expect(traffic.drain({ ...component, candidate: stable }, createCall())).rejects.toMatchObject({ code: "FAKE_CANDIDATE_SERVES" });
});
