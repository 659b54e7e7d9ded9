import { expect, test } from "vitest";
import { image, memoryStore, type DeployTarget, type Store } from "../../src/index.js";
import { createTestClock, pass } from "../cli/test-clock.js";
import { createScene, targetInMemory } from "./scene.js";

const release = { environment: "development", source: image("shop:1") } as const;

test.for(["prepare", "verify"])("a process that leaves during %s leaves a deployment that the next one goes on with", async (where) => {
  const clock = createTestClock();
  const store: Store = { ...memoryStore({ clock }), close: () => Promise.resolve() };
  const shared = targetInMemory([]);
  const slow: DeployTarget = { ...shared, prepare: () => new Promise(() => undefined) };
  const first = createScene({
    clock,
    store,
    target: () => (where === "prepare" ? slow : shared),
    ...(where === "verify" ? { candidate: () => new Promise<never>(() => undefined) } : {}),
    environment: { verify: { within: "1h" } },
  });
  const { id } = await first.deployer.deploy(release);
  await clock.advance(1_000);
  await pass(clock, first.deployer.close());

  const second = createScene({ clock, store, target: () => shared, environment: { verify: { within: "1h" } } });
  const { deployments } = await pass(clock, second.deployer.recover());
  expect(deployments.map((deployment) => deployment.id)).toEqual([id]);
  expect(await pass(clock, (await second.deployer.deployment(id)).result())).toMatchObject({ phase: "succeeded" });
  await second.deployer.close();
});
