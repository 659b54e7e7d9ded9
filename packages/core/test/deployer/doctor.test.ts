import { createTestClock } from "@fairlead/testing";
import { expect, test } from "vitest";
import * as z from "zod";
import { createDeployer, definePlugin, memoryStore, type DeployTarget, type PluginContext } from "../../src/index.js";
import { createStatus } from "../../src/status.js";
import { targetInMemory } from "./scene.js";

function doctorWith(
  setup: (context: PluginContext) => DeployTarget,
  provides: readonly ["target"] | readonly ["target", "steps"] = ["target"],
) {
  const fragile = definePlugin({
    id: "fragile",
    provides,
    options: z.strictObject({}),
    setup: (_options, context) => ({ target: setup(context), steps: [] }),
  });
  const deployer = createDeployer({
    application: "shop",
    store: memoryStore(),
    plugins: [fragile()],
    environments: { development: { target: "fragile" } },
  });
  return deployer.doctor("development").finally(() => deployer.close());
}

test("doctor sets up every plugin and asks what serves, though no plugin has a check", async () => {
  const { healthy, checks } = await doctorWith(() => targetInMemory([]));
  expect(healthy).toBe(true);
  expect(checks.map(({ provider, name, status }) => [provider, name, status])).toEqual([
    ["fragile", "setup", "up"],
    ["fragile", "what serves as web", "up"],
  ]);
});

test.for([[["target"]], [["target", "steps"]]] as const)("a plugin that cannot be set up is a line of doctor: %s", async ([provides]) => {
  const { healthy, checks } = await doctorWith(() => {
    throw new Error("no network");
  }, provides);
  expect(healthy).toBe(false);
  expect(checks).toMatchObject([{ name: "setup", status: "down", message: expect.stringContaining("no network") as string }]);
});

test("a target that cannot say what serves is a line of doctor", async () => {
  const { healthy, checks } = await doctorWith(() => ({
    ...targetInMemory([]),
    current: () => Promise.reject(new Error("the token has expired")),
  }));
  expect(healthy).toBe(false);
  expect(checks.at(-1)).toMatchObject({ name: "what serves as web", status: "down", message: "the token has expired" });
});

test("that nobody keeps the status page up to date any more is a line of doctor, and keeps nobody from deploying", async () => {
  const clock = createTestClock();
  const store = { ...memoryStore({ clock }), close: () => Promise.resolve() };
  const checks = [{ name: "web", status: "up", known: true, critical: true, latency: 20 }];
  const status = createStatus({
    ...{ application: "shop", environment: "development", store, clock },
    page: { name: "Shop", url: "https://status.shop.example" },
    components: [{ name: "web" }],
    health: { snapshot: () => ({ checks }) as never },
  });
  const plain = definePlugin({
    id: "plain",
    provides: ["target"],
    options: z.strictObject({}),
    setup: () => ({ target: targetInMemory([]) }),
  });
  const environments = { development: { target: "plain" } } as const;
  await using deployer = createDeployer({ application: "shop", store, clock, plugins: [plain()], environments });
  const told = async () => (await deployer.doctor("development")).checks.filter(({ reason }) => reason === "ticks_stopped");
  expect(await told()).toEqual([]);
  await status.tick();
  expect(await told()).toEqual([]);
  await clock.advance("1h");
  const { healthy, checks: found } = await deployer.doctor("development");
  expect(healthy).toBe(true);
  expect(found).toMatchObject([
    { name: "ticks", status: "degraded", hint: expect.stringContaining("/api/fairlead/tick") as string },
    {},
    {},
  ]);
  await status.tick();
  expect(await told()).toEqual([]);
});
