import { beforeEach, expect, test } from "vitest";
import * as z from "zod";
import { createDeployer, definePlugin, image, memoryStore, type DeployTarget, type Deployer, type Store } from "../../src/index.js";
import { createTestClock, pass, type TestClock } from "../cli/test-clock.js";
import { targetInMemory } from "./scene.js";

let clock: TestClock;
let store: Store;
beforeEach(() => {
  clock = createTestClock();
  store = { ...memoryStore({ clock }), close: () => Promise.resolve() };
});

function deployerOf(names: readonly string[], target: DeployTarget): Deployer {
  const fake = definePlugin({ id: "fake", provides: ["target"], options: z.strictObject({}), setup: () => ({ target }) });
  const environments: Readonly<Record<string, { readonly kind: "development"; readonly target: "fake" }>> = Object.fromEntries(
    names.map((name) => [name, { kind: "development", target: "fake" }]),
  );
  return createDeployer({ application: "shop", clock, store, plugins: [fake()], environments });
}

/** Two deployments whose process is gone. */
async function leaveBehind(): Promise<{ readonly alpha: string; readonly beta: string }> {
  const gone = deployerOf(["alpha", "beta"], { ...targetInMemory([]), prepare: () => new Promise(() => undefined) });
  const alpha = await gone.deploy({ environment: "alpha", source: image("shop:1") });
  const beta = await gone.deploy({ environment: "beta", source: image("shop:1") });
  await clock.advance(1_000);
  await pass(clock, gone.close({ within: "0s" }));
  return { alpha: alpha.id, beta: beta.id };
}

test("recover answers what it could not go on with beside what it could", async () => {
  const { alpha, beta } = await leaveBehind();
  const deployer = deployerOf(["beta"], targetInMemory([]));
  const { deployments, refusals } = await pass(clock, deployer.recover());
  expect(deployments.map(({ id }) => id)).toEqual([beta]);
  expect(refusals).toMatchObject([{ deploymentId: alpha, environment: "alpha", error: { code: "ENVIRONMENT_UNKNOWN" } }]);
  await pass(clock, deployer.close());
});

test("a worker does what it can, and says once what it cannot", async () => {
  const { alpha, beta } = await leaveBehind();
  const deployer = deployerOf(["beta"], targetInMemory([]));
  const lines: string[] = [];
  deployer.onLog(({ message }) => lines.push(message));
  const leaving = new AbortController();
  const work = deployer.work({ signal: leaving.signal });
  await pass(clock, clock.sleep(120_000));
  expect((await (await deployer.deployment(beta)).state()).phase).not.toBe("running");
  expect((await (await deployer.deployment(alpha)).state()).phase).toBe("running");
  expect(lines.filter((line) => line.includes("alpha"))).toHaveLength(1);
  leaving.abort();
  await pass(clock, work);
  await pass(clock, deployer.close());
});

test("a worker that can do nothing anywhere says so", async () => {
  const broken = definePlugin({
    id: "broken",
    provides: ["target", "steps"],
    options: z.strictObject({}),
    setup: () => Promise.reject(new Error("the provider is out of order")),
  });
  await using idle = createDeployer({
    application: "shop",
    clock,
    store,
    plugins: [broken()],
    environments: { development: { target: "broken" } },
  });
  await expect(idle.work({ untilIdle: true })).rejects.toThrow("the provider is out of order");
});
