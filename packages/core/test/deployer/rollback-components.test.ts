import { expect, test } from "vitest";
import * as z from "zod";
import { createFakeProvider, createFakeTarget } from "@fairlead/testing";
import { createDeployer, definePlugin, image, memoryStore, type Deployer, type Plan } from "../../src/index.js";

const environment = "development";

function createWorld() {
  const provider = createFakeProvider();
  const store = { ...memoryStore(), close: async () => undefined };
  const fake = definePlugin({
    id: "fake",
    provides: ["target"],
    options: z.strictObject({}),
    setup: () => ({ target: createFakeTarget({ provider }) }),
  });
  const deployerOf = (...names: readonly string[]): Deployer => {
    const component = (name: string, version: string) => ({
      target: "fake" as const,
      source: image(`${name}@sha256:${version.repeat(64)}`),
    });
    return createDeployer({
      application: "shop",
      store,
      plugins: [fake()],
      environments: {
        development: {
          components: Object.fromEntries(names.map((name) => [name, component(name, String(names.length))])),
          timeouts: { settle: "0s" },
        },
      },
    });
  };
  return { provider, deployerOf };
}

async function planOfRollback(deployer: Deployer): Promise<Plan> {
  const deployment = await deployer.rollback({ environment });
  expect(await deployment.result()).toMatchObject({ phase: "succeeded", outcome: "rolled-back" });
  return (await deployment.state()).plan;
}

test("rolling back past an added component says that it stays, and moves the others alone", async () => {
  const { provider, deployerOf } = createWorld();
  for (const names of [["web"], ["web", "api"]]) {
    const deployer = deployerOf(...names);
    expect((await (await deployer.deploy({ environment })).result()).phase).toBe("succeeded");
    await deployer.close();
  }
  await using deployer = deployerOf("web", "api");
  const before = provider.effects.length;
  const plan = await planOfRollback(deployer);
  expect(plan.warnings).toEqual([
    `Release ${plan.release.id} has no api: what serves as api now stays, beside components of that release.`,
  ]);
  expect(plan.components.map(({ name, previous }) => [name, previous?.id])).toEqual([
    ["web", "fake-3"],
    ["api", "fake-4"],
  ]);
  expect(provider.effects.slice(before)).toMatchObject([{ kind: "traffic.moved", component: "web" }]);
  const { components } = await deployer.status(environment);
  expect(components.map(({ component, drifted, expected }) => [component, drifted, expected])).toEqual([
    ["web", false, "fake-1"],
    ["api", false, "fake-4"],
  ]);
});

test("rolling back past a component that was taken out of the configuration names it", async () => {
  const { deployerOf } = createWorld();
  for (const names of [["web", "api"], ["web"]]) {
    const deployer = deployerOf(...names);
    expect((await (await deployer.deploy({ environment })).result()).phase).toBe("succeeded");
    await deployer.close();
  }
  await using deployer = deployerOf("web");
  const plan = await planOfRollback(deployer);
  expect(plan.warnings).toEqual([`Release ${plan.release.id} also has api, which is no longer configured here: it is not put back.`]);
});
