import { trafficSuite } from "@fairlead/testing/conformance";
import { connectEdgeEmulator, startEdgeEmulator, type EdgeEmulator } from "@fairlead/testing/emulators";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { callOf } from "../../src/conformance/traffic/fixture.js";
import { createEdgeRouter, serviceOf } from "./edge-router.js";
import { askAt, createEdgeFixture } from "./edge-subject.js";

let edge: EdgeEmulator;

beforeAll(async () => {
  edge = await startEdgeEmulator({ token: "edgeCanaryToken" });
});

beforeEach(() => edge.reset());

afterAll(() => edge.stop());

describe("a router before the edge", () => {
  trafficSuite(
    { test: (name, run) => test(name, { timeout: 180_000 }, run), describe },
    { create: () => createEdgeFixture(edge), patience: "60s" },
  );
});

test("no request is lost while shares change fifty times", { timeout: 180_000 }, async () => {
  const fixture = createEdgeFixture(edge);
  const { router, component } = fixture;
  const [stable, candidate] = [await fixture.prepare(), await fixture.prepare()];
  await fixture.promote(stable);
  await router.open({ ...component, stable, candidate, steps: [] }, callOf(fixture));
  let over = false;
  const ask = async (): Promise<number> => {
    let asked = 0;
    while (!over) {
      await fixture.ask();
      asked += 1;
    }
    return asked;
  };
  const users = Promise.all([ask(), ask(), ask(), ask()]);
  for (let change = 1; change <= 50; change += 1) {
    const share = (change * 37) % 101;
    await router.setWeights({ ...component, weights: { [stable.id]: 100 - share, [candidate.id]: share } }, callOf(fixture));
  }
  over = true;
  const asked = (await users).reduce((sum, one) => sum + one, 0);
  const { answered = {}, failed } = (await edge.ledger()).traffic[serviceOf(component)] ?? {};
  expect(failed).toBe(0);
  expect(Object.keys(answered).sort()).toEqual([stable.id, candidate.id].sort());
  expect(Object.values(answered).reduce((sum, one) => sum + one, 0)).toBe(asked);
  await fixture.dispose();
});

test("its ledger counts effects by key and kind, and none where nothing changed", async () => {
  const fixture = createEdgeFixture(edge);
  const { router, component } = fixture;
  const [stable, candidate] = [await fixture.prepare(), await fixture.prepare()];
  await fixture.promote(stable);
  const call = (idempotencyKey: string) => ({ ...callOf(fixture), idempotencyKey });
  const weights = { [stable.id]: 75, [candidate.id]: 25 };
  await edge.fault({ kind: "lost-response", match: { operation: "weights.write" } });
  await router.open({ ...component, stable, candidate, steps: [25] }, call("open"));
  await expect(router.setWeights({ ...component, weights }, call("share"))).rejects.toMatchObject({ retryable: true });
  await createEdgeRouter(edge).setWeights({ ...component, weights }, call("share"));
  await router.close(component, call("close"));
  await router.close(component, call("close"));
  expect((await edge.ledger()).counts).toMatchObject({
    open: { "shift.opened": 1 },
    share: { "share.set": 1 },
    close: { "shift.closed": 1 },
  });
  expect(JSON.stringify(await edge.ledger())).not.toContain(edge.token);
  await fixture.dispose();
});

test("a request is sent on as it is, and where nobody serves it is said so", async () => {
  const fixture = createEdgeFixture(edge);
  const site = await edge.siteUrl(serviceOf(fixture.component));
  expect((await fetch(site)).status).toBe(503);
  const only = await fixture.prepare();
  await fixture.promote(only);
  expect(await askAt(site)).toEqual({ side: only.id });
  expect(await connectEdgeEmulator(edge.url).state()).toMatchObject({
    services: [{ service: serviceOf(fixture.component), primary: only.id, weights: { [only.id]: 100 }, inFlight: { [only.id]: 0 } }],
  });
  await fixture.dispose();
  expect((await fetch(site)).status).toBe(502);
});

test.for([
  ["staged", 10, 20],
  ["none", 100, 20],
] as const)("an edge that knows %s shares sends %i and refuses %i", async ([weights, allowed, refused]) => {
  await edge.configure({ weights });
  const fixture = createEdgeFixture(edge);
  const { router, component } = fixture;
  const [stable, candidate] = [await fixture.prepare(), await fixture.prepare()];
  await fixture.promote(stable);
  await router.open({ ...component, stable, candidate, steps: [10] }, callOf(fixture));
  const share = (percentage: number): Promise<void> =>
    router.setWeights({ ...component, weights: { [stable.id]: 100 - percentage, [candidate.id]: percentage } }, callOf(fixture));
  await share(allowed);
  await expect(share(refused)).rejects.toMatchObject({ code: "EDGE_REFUSED", retryable: false });
  await edge.configure({ weights: "any" });
  await fixture.dispose();
});
