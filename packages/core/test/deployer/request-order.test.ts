import { expect, test } from "vitest";
import * as z from "zod";
import { coreErrors } from "../../src/errors/core-errors.js";
import { fail } from "../../src/errors/fairlead-error.js";
import { createDeployer, definePlugin, image, isSecretReference, memoryStore, secret, type Store } from "../../src/index.js";
import { createTestClock } from "../cli/test-clock.js";
import { targetInMemory } from "./scene.js";

const minute = 60_000;

/** A worker that has no secret for `guarded`, where that is asked for. */
function createScene({ token }: { readonly token?: string } = {}) {
  const clock = createTestClock();
  const inner = memoryStore({ clock });
  const failing = new Set<string>();
  const store: Store = {
    ...inner,
    shared: true,
    close: () => Promise.resolve(),
    read: (name, options) => {
      if (failing.delete(name)) throw fail(coreErrors, "STORE_UNAVAILABLE", { store: "memory", problem: "it is away." });
      return inner.read(name, options);
    },
  };
  const [effects, guardedEffects]: string[][] = [[], []];
  const open = definePlugin({
    id: "open",
    provides: ["target"],
    options: z.strictObject({}),
    setup: () => ({ target: targetInMemory(effects!) }),
  });
  const guarded = definePlugin({
    id: "guarded",
    provides: ["target"],
    options: z.strictObject({ token: z.custom<ReturnType<typeof secret>>(isSecretReference) }),
    setup: () => ({ target: targetInMemory(guardedEffects!) }),
  });
  const common = { source: image("shop:1"), queue: "queue", timeouts: { settle: "0s" } } as const;
  const deployer = createDeployer({
    application: "shop",
    store,
    clock,
    secrets: { resolve: () => Promise.resolve(token === undefined ? {} : { TOKEN: { value: token } }) },
    plugins: [open({}), guarded({ token: secret("TOKEN") })],
    environments: { development: { ...common, target: "open" }, staging: { ...common, target: "guarded" } },
  });
  const request = async (environment: "development" | "staging", tag: string) =>
    (await deployer.request({ kind: "deploy", environment, source: image(`shop:${tag}`) })).id;
  const pending = async () => (await deployer.pendingRequests()).map(({ id }) => id);
  return { deployer, clock, failing, request, pending };
}

test("what was asked for later does not begin before what failed for a moment; other environments go on", async () => {
  const { deployer, clock, failing, request, pending } = createScene({ token: "zk3-canary-zk3" });
  await using _ = deployer;
  const first = await request("development", "1");
  const second = await request("development", "2");
  const elsewhere = await request("staging", "1");
  failing.add(`deployment/shop/${first}`);
  await deployer.work({ untilIdle: true });
  expect(await pending()).toEqual([first, second]);
  expect(await deployer.requested(elsewhere)).toMatchObject({ deploymentId: elsewhere });
  // Not yet time for the next try.
  await deployer.work({ untilIdle: true });
  expect(await pending()).toEqual([first, second]);
  await clock.advance(10_000);
  await deployer.work({ untilIdle: true });
  expect(await pending()).toEqual([]);
  const { items } = await deployer.history({ environment: "development" });
  expect(items.map(({ id }) => id)).toEqual([second, first]);
});

test("what no worker can begin with for want of a secret is refused in the end", async () => {
  const { deployer, clock, request, pending } = createScene();
  await using _ = deployer;
  const first = await request("staging", "1");
  await clock.advance(10 * minute);
  const second = await request("staging", "2");
  await deployer.work({ untilIdle: true });
  expect(await pending()).toEqual([first, second]);
  await clock.advance(6 * minute);
  await deployer.work({ untilIdle: true });
  expect(await pending()).toEqual([second]);
  expect(await deployer.requested(first)).toMatchObject({
    deploymentId: null,
    error: { code: "REQUEST_EXPIRED", message: expect.stringContaining("TOKEN") },
  });
});
