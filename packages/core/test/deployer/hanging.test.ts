import { expect, test } from "vitest";
import * as z from "zod";
import { createDeployer, definePlugin, image, isSecretReference, memoryStore, secret, type SecretReference } from "../../src/index.js";
import { createTestClock, pass, type TestClock } from "../cli/test-clock.js";
import { targetInMemory } from "./scene.js";

const never = () => new Promise<never>(() => undefined);

function deployerWith(
  clock: TestClock,
  behaviour: { readonly setup?: () => Promise<unknown>; readonly resolve?: () => Promise<never>; readonly disposed?: () => void },
) {
  const guarded = definePlugin({
    id: "guarded",
    provides: ["target"],
    options: z.strictObject({ token: z.custom<SecretReference>(isSecretReference) }),
    setup: async () => {
      await behaviour.setup?.();
      return { target: targetInMemory([]), dispose: () => behaviour.disposed?.() };
    },
  });
  return createDeployer({
    application: "shop",
    clock,
    store: memoryStore({ clock }),
    secrets: { resolve: behaviour.resolve ?? (async () => ({ TOKEN: { value: "zk3-canary" } })) },
    plugins: [guarded({ token: secret("TOKEN") })],
    environments: { development: { target: "guarded" } },
  });
}

const release = { environment: "development", source: image("shop:1") } as const;

test.for(["plan", "deploy"] as const)("%s does not wait for ever for a plugin that is not set up", async (command) => {
  const clock = createTestClock();
  const deployer = deployerWith(clock, { setup: never });
  const begun = clock.now();
  await expect(pass<unknown>(clock, deployer[command](release))).rejects.toMatchObject({
    code: "PLUGIN_SETUP_TIMEOUT",
    retryable: true,
    data: { plugin: "guarded" },
  });
  expect(clock.now() - begun).toBeLessThanOrEqual(30_100);
  await deployer.close();
});

test("a plugin that is set up too late is let go of, and set up anew when it is asked for again", async () => {
  const clock = createTestClock();
  const late = Promise.withResolvers<undefined>();
  let setups = 0;
  let disposed = 0;
  const deployer = deployerWith(clock, {
    setup: () => {
      setups += 1;
      return setups === 1 ? late.promise : Promise.resolve();
    },
    disposed: () => void (disposed += 1),
  });
  await expect(pass(clock, deployer.plan(release))).rejects.toMatchObject({ code: "PLUGIN_SETUP_TIMEOUT" });
  late.resolve(undefined);
  await pass(clock, deployer.plan(release));
  expect([setups, disposed]).toEqual([2, 1]);
  await deployer.close();
});

test("what goes wrong in a setup is said with the plugin's name", async () => {
  const clock = createTestClock();
  const deployer = deployerWith(clock, { setup: () => Promise.reject(new Error("no network")) });
  await expect(deployer.plan(release)).rejects.toThrow('Plugin "guarded" could not be set up for development: no network');
  await deployer.close();
});

test.for(["plan", "status"] as const)("%s does not wait for ever for a source of secrets", async (command) => {
  const clock = createTestClock();
  const deployer = deployerWith(clock, { resolve: never });
  const asked = command === "plan" ? deployer.plan(release) : deployer.status("development");
  await expect(pass<unknown>(clock, asked)).rejects.toMatchObject({ code: "SECRETS_UNANSWERED", retryable: true });
  await deployer.close();
});

test("a deployment that nobody wants any more before it is recorded is not recorded", async () => {
  const clock = createTestClock();
  const deployer = deployerWith(clock, { setup: never });
  const unwanted = new AbortController();
  const deploying = deployer.deploy({ ...release, signal: unwanted.signal });
  await clock.advance(1_000);
  unwanted.abort(new Error("not wanted"));
  await expect(deploying).rejects.toThrow("not wanted");
  expect((await deployer.history()).items).toEqual([]);
  await deployer.close();
});
