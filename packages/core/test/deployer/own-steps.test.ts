import * as z from "zod";
import { createDeployer, definePlugin, defineStep, image, type StepCall } from "../../src/index.js";
import { memoryStore } from "../../src/store/memory-store.js";
import { expect, test } from "vitest";
import { targetInMemory } from "./scene.js";

/** By its digest: whatever else an image is called may mean another one tomorrow. */
const shop = `shop@sha256:${"1".repeat(64)}`;

/** A deployer with two plugins that bring a step each, and what these do. */
function createStage(level: () => number) {
  const done: string[] = [];
  const note =
    (text: string) =>
    ({ release }: StepCall) => {
      done.push(`${text} for ${release.application}`);
      return Promise.resolve(undefined);
    };
  const stepOf = (id: string) =>
    definePlugin({
      id,
      provides: ["steps"],
      options: z.strictObject({}),
      setup: () => ({
        steps: [
          defineStep({
            id: "raise",
            stage: "provision",
            get input() {
              return { level: level() };
            },
            settle: "0s",
            idempotency: "natural",
            reversibility: "leave",
            run: ({ level: to }, call) => note(`${id} to ${String(to)}`)(call),
          }),
        ],
      }),
    });
  const target = definePlugin({
    id: "fake",
    provides: ["target"],
    options: z.strictObject({}),
    setup: () => ({ target: targetInMemory([]) }),
  });
  const deployer = createDeployer({
    application: "shop",
    store: memoryStore(),
    plugins: [target(), stepOf("dam")(), stepOf("lift")()],
    environments: {
      development: { target: "fake", source: image(shop), timeouts: { settle: "0s" } },
      preview: { target: "fake", source: image(shop), steps: ["lift"], timeouts: { settle: "0s" } },
      "preview-both": { target: "fake", source: image(shop), steps: ["lift", "dam"], timeouts: { settle: "0s" } },
    },
  });
  return { deployer, done };
}

test("an environment has the steps of all plugins, or of those that it names, in that order", async () => {
  const { deployer, done } = createStage(() => 1);
  for (const environment of ["development", "preview", "preview-both"] as const) {
    expect((await (await deployer.deploy({ environment })).result()).phase).toBe("succeeded");
    done.push(environment);
  }
  await deployer.close();
  const [dam, lift] = ["dam to 1 for shop", "lift to 1 for shop"];
  expect(done).toEqual([dam, lift, "development", lift, "preview", lift, dam, "preview-both"]);
});

test("what serves already is deployed again when a step is to do something else", async () => {
  let level = 1;
  const { deployer, done } = createStage(() => level);
  const outcomes: unknown[] = [];
  for (const next of [1, 1, 2]) {
    level = next;
    outcomes.push((await (await deployer.deploy({ environment: "preview" })).result()).outcome);
  }
  await deployer.close();
  expect(outcomes).toEqual(["promoted", "unchanged", "promoted"]);
  expect(done).toEqual(["lift to 1 for shop", "lift to 2 for shop"]);
});

test("a plugin that is named and brings no steps is a problem", async () => {
  const { deployer } = createStage(() => 1);
  await deployer.close();
  const wrong = createDeployer({
    application: "shop",
    plugins: [
      definePlugin({ id: "fake", provides: ["target"], options: z.strictObject({}), setup: () => ({ target: targetInMemory([]) }) })(),
    ],
    // @ts-expect-error it brings no steps
    environments: { development: { target: "fake", steps: ["fake"] } },
  });
  expect((await wrong.validate()).map(({ place }) => place)).toContain("environments.development.steps");
  await wrong.close();
});
