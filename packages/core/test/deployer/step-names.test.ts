import { expect, test } from "vitest";
import * as z from "zod";
import { createDeployer, definePlugin, defineStep, image, memoryStore, type AnyPlugin, type Deployer } from "../../src/index.js";
import { targetInMemory } from "./scene.js";

const effects: string[] = [];
const fake = definePlugin({
  id: "fake",
  provides: ["target"],
  options: z.strictObject({}),
  setup: () => ({ target: targetInMemory(effects) }),
});

const stepAt = (id: string, stage: "verify" | "finalize") =>
  defineStep({
    id,
    stage,
    idempotency: "natural",
    reversibility: "leave",
    run: async () => {
      effects.push(`${id} of ${stage}`);
      return undefined;
    },
  });

function pluginWith(id: string, ...steps: readonly ReturnType<typeof stepAt>[]): AnyPlugin {
  return definePlugin({ id, provides: ["steps"], options: z.strictObject({}), setup: () => ({ steps }) })();
}

function deployerOf(component: string, ...plugins: readonly AnyPlugin[]): Deployer {
  effects.length = 0;
  return createDeployer({
    application: "shop",
    store: memoryStore(),
    plugins: [fake(), ...plugins],
    environments: { development: { components: { [component]: { target: "fake", source: image("shop:1") } } } },
  });
}

async function refusalOf(deployer: Deployer): Promise<unknown> {
  await using closing = deployer;
  const refused = await closing.deploy({ environment: "development" }).catch((error: unknown) => error);
  const { items } = await closing.history();
  expect([effects, items]).toEqual([[], []]);
  return refused;
}

test.for(["migrations", "preflight", "bake"])("a component cannot be called %s", async (name) => {
  expect(await refusalOf(deployerOf(name))).toMatchObject({
    code: "CONFIGURATION_INVALID",
    data: { problems: [{ place: `environments.development.components.${name}`, remedy: expect.stringContaining(`"${name}-worker"`) }] },
  });
});

test("two own steps of one id are a problem, also for doctor, and neither runs", async () => {
  const deployer = (): Deployer => deployerOf("web", pluginWith("warm", stepAt("cache", "verify"), stepAt("cache", "finalize")));
  const problem = { place: "plugins.warm", problem: 'has more than one step "cache": only one of them would run.' };
  expect(await refusalOf(deployer())).toMatchObject({ code: "CONFIGURATION_INVALID", data: { problems: [problem] } });
  await using asked = deployer();
  expect(await asked.doctor("development")).toMatchObject({ healthy: false, problems: [problem], checks: [] });
});

test("a step that would be called like one of a component is refused with both", async () => {
  expect(await refusalOf(deployerOf("web", pluginWith("web", stepAt("verify", "verify"))))).toMatchObject({
    code: "STEP_NOT_UNIQUE",
    message: "The plan has 2 steps called web.verify: gate.candidate and web/verify@1.",
  });
});
