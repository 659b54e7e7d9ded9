import { expect, test } from "vitest";
import { createTestClock, pass } from "../cli/test-clock.js";
import { createScene, targetInMemory } from "./scene.js";
import type { DeployTarget, Notification } from "../../src/index.js";

function createTold(target?: (effects: string[]) => DeployTarget) {
  const clock = createTestClock();
  const told: Notification[] = [];
  const scene = createScene({
    clock,
    ...(target === undefined ? {} : { target }),
    channels: {
      chat: async (notification) => {
        told.push(notification);
        return {};
      },
    },
  });
  const deploy = async (content: string) => {
    const deployment = await scene.deployer.deploy({ environment: "development", source: await scene.source(content) });
    const result = await pass(clock, deployment.result());
    const summaries: string[] = [];
    for await (const { summary } of deployment.events()) summaries.push(summary);
    return { result, last: summaries.at(-1) };
  };
  return { ...scene, clock, told, deploy };
}

test("where nothing served before, nobody is told that a release before serves", async () => {
  const { health, deploy, told, deployer, clock } = createTold();
  health.candidate = "down";
  const { result, last } = await deploy("first");
  await pass(clock, deployer.close());
  expect(result).toMatchObject({ phase: "rolled_back", error: { code: "VERIFICATION_FAILED" } });
  expect(last).toBe("taken back: nothing served before, and nothing does now");
  const text = told.find(({ event }) => event === "deployment.rolled-back")?.text;
  expect(text).toContain("Nothing served before, and nothing does now.");
  expect([result.error?.hint, text, last].join(" ")).not.toContain("release before");
});

test("where a release served before, it is said that it serves, and it does", async () => {
  const { health, deploy, told, deployer, clock } = createTold();
  await deploy("first");
  health.live = "down";
  const { result, last } = await deploy("second");
  expect(result).toMatchObject({ phase: "rolled_back", error: { code: "BAKE_FAILED" } });
  expect(last).toBe("taken back: the release before serves");
  expect((await deployer.status("development")).components).toMatchObject([{ drifted: false, serving: { known: true, candidate: "c1" } }]);
  await pass(clock, deployer.close());
  expect(told.find(({ event }) => event === "deployment.rolled-back")?.text).toContain("The release before serves.");
});

test("a first release that cannot be taken back is not said to be replaced by another one", async () => {
  const { health, deploy, told, deployer, clock } = createTold((effects) => {
    const good = targetInMemory(effects);
    return {
      ...good,
      current: () => (effects.includes("promote c1") ? Promise.reject(new Error("no network")) : Promise.resolve(undefined)),
    };
  });
  health.live = "down";
  const { result } = await deploy("first");
  await pass(clock, deployer.close());
  expect(result).toMatchObject({ phase: "needs_attention" });
  expect(result.attention?.serving).toMatchObject([{ component: "web", known: false, candidate: null }]);
  const text = told.find(({ event }) => event === "attention.requested")?.text;
  expect(text).toContain("What serves as web is not known (");
  expect([result.error?.hint, text].join(" ")).not.toMatch(/release before|serves nothing/);
});
