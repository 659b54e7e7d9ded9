import { expect, test } from "vitest";
import * as z from "zod";
import { createFakeTarget } from "@fairlead/testing";
import { createDeployer, definePlugin, image, memoryStore, type DeployTarget } from "../../src/index.js";

function createWorld(change: (target: DeployTarget) => Partial<DeployTarget> = () => ({})) {
  const good = createFakeTarget();
  const removed = (): readonly string[] =>
    good.provider.effects.flatMap(({ kind, candidate }) => (kind === "candidate.removed" ? [candidate] : []));
  const target = { ...good, ...change(good) };
  const fake = definePlugin({ id: "fake", provides: ["target"], options: z.strictObject({}), setup: () => ({ target }) });
  const deployer = createDeployer({
    application: "shop",
    store: memoryStore(),
    plugins: [fake()],
    environments: { development: { target: "fake", retain: 1, timeouts: { settle: "0s" } } },
  });
  const deploy = async (version: number): Promise<string> => {
    const source = image(`shop@sha256:${String(version).repeat(64)}`);
    return (await (await deployer.deploy({ environment: "development", source })).result()).phase;
  };
  return { removed, deployer, deploy };
}

test("what was removed is not removed again by every later deployment", async () => {
  const { removed, deployer, deploy } = createWorld();
  await using _ = deployer;
  for (const version of [1, 2, 3, 4, 5]) expect(await deploy(version)).toBe("succeeded");
  expect(removed()).toEqual(["fake-1", "fake-3", "fake-5"]);
  const plan = await deployer.plan({ environment: "development", source: image(`shop@sha256:${"6".repeat(64)}`) });
  const removals = plan.groups.flatMap(({ steps }) => steps).filter(({ operation }) => operation === "target.discard");
  expect(removals.map(({ input }) => input["candidate"])).toMatchObject([{ id: "fake-7" }]);
});

test("a target that cannot say what it has is deployed to, and nothing is removed", async () => {
  const { removed, deployer, deploy } = createWorld(() => ({
    retained: () => Promise.reject(new Error("out of order")),
  }));
  await using _ = deployer;
  for (const version of [1, 2, 3]) expect(await deploy(version)).toBe("succeeded");
  expect(removed()).toEqual([]);
});
