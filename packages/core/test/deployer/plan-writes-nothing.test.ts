import { expect, test } from "vitest";
import { image, memoryStore, type DeployTarget, type Store } from "../../src/index.js";
import { createTestClock } from "../cli/test-clock.js";
import { targetInMemory } from "./scene.js";
import { createStage } from "./stage.js";

const writing = ["commit", "acquire", "renew", "release", "lease", "settle", "revive", "add"];

/** A store and a target of which every call that could change something is written down. */
function spied(clock = createTestClock()) {
  const calls: string[] = [];
  const spy = <Part extends object>(part: Part, names: readonly string[]): Part =>
    new Proxy(part, {
      get(target, name, receiver) {
        const found: unknown = Reflect.get(target, name, receiver);
        if (typeof found === "function" && typeof name === "string" && names.includes(name)) {
          return (...given: readonly unknown[]): unknown => {
            calls.push(name);
            return Reflect.apply(found, target, given);
          };
        }
        return typeof found === "object" && found !== null ? spy(found, names) : found;
      },
    });
  const store: Store = spy({ ...memoryStore({ clock }), close: () => Promise.resolve() }, writing);
  const target = (effects: string[]): DeployTarget => spy(targetInMemory(effects), ["prepare", "promote", "discard"]);
  return { calls, clock, store, target };
}

test("a plan and its outlook write nothing, neither to the store nor at a provider", async () => {
  const { calls, clock, store, target } = spied();
  const { deployer, deploy, end } = createStage({ bake: "1s" }, { clock, store, target });
  await end(await deploy("1"));
  expect(calls).toEqual(expect.arrayContaining(["commit", "acquire", "prepare", "promote"]));
  calls.length = 0;
  const source = image(`shop@sha256:${"2".repeat(64)}`);
  for (const one of [source, image(`shop@sha256:${"1".repeat(64)}`)]) {
    const plan = await deployer.plan({ environment: "development", source: one });
    await deployer.outlook(plan);
  }
  expect(calls).toEqual([]);
  await deployer.close();
});

test("the outlook says how each step is taken back, how long it took, and what is in the way", async () => {
  const { clock, store, target } = spied();
  const freezes = [
    { from: "2026-11-24T00:00:00Z", to: "2026-11-25T00:00:00Z", reason: "the fair" },
    { from: "2026-12-24T00:00:00Z", to: "2026-12-27T00:00:00Z", reason: "Christmas" },
  ];
  const stage = createStage({ bake: "10s", freezes, approvals: { before: "promote", required: 2 } }, { clock, store, target });
  const { deployer, deploy, wait, end } = stage;
  const first = await deployer.outlook(await deployer.plan({ environment: "development", source: image(`shop@sha256:${"1".repeat(64)}`) }));
  expect(first.wayBack).toEqual({ open: true, closes: { step: "web.promote", position: 5 }, asks: [], steps: 6 });
  expect(first.duration.median).toBeNull();
  for (const release of ["1", "2"]) {
    const deployment = await deploy(release);
    await wait(3_600_000);
    await deployer.approve({ deploymentId: deployment.id, actor: { name: "bea", via: "cli" } });
    await wait(5_000);
    await deployer.approve({ deploymentId: deployment.id, actor: { name: "cleo", via: "cli" } });
    await end(deployment);
  }
  await deployer.freeze({ environment: "development", reason: "stock-taking", actor: { name: "lea", via: "cli" } });
  const plan = await deployer.plan({ environment: "development", source: image(`shop@sha256:${"3".repeat(64)}`) });
  const outlook = await deployer.outlook(plan);
  expect(outlook).toMatchObject({
    wayBack: { open: true, closes: null, asks: [], steps: 6 },
    duration: { count: 2 },
    approvals: [{ required: 2, before: "approval", expiresAfter: 86_400_000 }],
    freezes: [
      { reason: "lea stopped it: stock-taking", now: true, from: null, until: null },
      { reason: "the fair", now: false, from: "2026-11-24T00:00:00.000Z" },
      { reason: "Christmas", now: false, from: "2026-12-24T00:00:00.000Z" },
    ],
    running: null,
    queued: 0,
  });
  expect(outlook.duration.median).toBeGreaterThan(10_000);
  expect(outlook.duration.median).toBeLessThan(20_000);
  const of = Object.fromEntries(outlook.steps.map(({ id, ...step }) => [id, step]));
  expect(of["web.promote"]).toMatchObject({ onRollback: "undo", undo: "c2 serves again", took: { count: 2 } });
  expect(of["web.prepare"]).toMatchObject({ onRollback: "undo", undo: "what was prepared is removed" });
  expect(of["bake"]).toMatchObject({ onRollback: "asks", took: { count: 2, median: 10_000 } });
  expect(of["approval"]?.took.median).toBeLessThan(1_000);
  await deployer.close();
});
