import { expect, test } from "vitest";
import * as z from "zod";
import { definePlugin, image, type DeployTarget } from "../../src/index.js";
import { createTestClock, pass } from "../cli/test-clock.js";
import { createScene, targetInMemory } from "./scene.js";

test("that a candidate cannot be removed is said within two minutes, however long making one may take", async () => {
  const clock = createTestClock();
  const stuck = (effects: string[]): DeployTarget => ({ ...targetInMemory(effects), discard: () => new Promise(() => undefined) });
  const { deployer, health } = createScene({ clock, target: stuck });
  health.candidate = "down";
  const deployment = await deployer.deploy({ environment: "development", source: image("shop:1") });
  const begun = clock.now();
  expect(await pass(clock, deployment.result())).toMatchObject({ phase: "needs_attention" });
  expect(clock.now() - begun).toBeLessThanOrEqual(120_000);
  await deployer.close();
});

test("a release is not taken back because an old one cannot be removed", async () => {
  const clock = createTestClock();
  const stuck = (effects: string[]): DeployTarget => ({ ...targetInMemory(effects), discard: () => new Promise(() => undefined) });
  const { deployer } = createScene({ clock, target: stuck });
  for (const release of [1, 2, 3, 4, 5, 6, 7, 8]) {
    const deployment = await deployer.deploy({ environment: "development", source: image(`shop:${String(release)}`) });
    expect(await pass(clock, deployment.result())).toMatchObject({ phase: "succeeded" });
  }
  const [last] = (await deployer.history({ environment: "development", limit: 1 })).items;
  const log = await deployer.logs(last?.id ?? "");
  expect(log.map(({ step, message }) => `${String(step)}: ${message}`)).toContainEqual(
    expect.stringMatching(/^web\.discard\.\d: .*1 m 00 s/),
  );
  await deployer.close();
});

test("a check that does not answer in the time for verifying is named", async () => {
  const clock = createTestClock();
  const { deployer } = createScene({ clock, candidate: () => new Promise(() => undefined) });
  const deployment = await deployer.deploy({ environment: "development", source: image("shop:1") });
  expect(await pass(clock, deployment.result())).toMatchObject({
    phase: "rolled_back",
    error: { code: "VERIFICATION_FAILED", data: { component: "web", reason: "no answer from web: answers" } },
  });
  await deployer.close();
});

test("who is asked once may take ten seconds to answer, and is named when it takes longer", async () => {
  const clock = createTestClock();
  let takes = 9_000;
  const slow = definePlugin({
    id: "slow",
    provides: ["checks"],
    options: z.strictObject({}),
    setup: () => ({
      checks: [
        {
          scope: "provider",
          name: "quota",
          run: async ({ signal }) => {
            await clock.sleep(takes, { signal });
            return { status: "up" };
          },
        },
      ],
    }),
  });
  const { deployer, effects } = createScene({ clock, plugins: [slow({})] });
  const deploy = async (release: string) =>
    pass(clock, (await deployer.deploy({ environment: "development", source: image(release) })).result());
  expect(await deploy("shop:1")).toMatchObject({ phase: "succeeded" });
  const done = [...effects];
  takes = 11_000;
  expect(await deploy("shop:2")).toMatchObject({
    phase: "failed",
    error: { code: "PREFLIGHT_FAILED", message: expect.stringContaining("quota") as string },
  });
  expect(effects).toEqual(done);
  await deployer.close();
});
