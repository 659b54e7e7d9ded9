import { expect, test } from "vitest";
import { memoryStore, type Store } from "../../src/index.js";
import { createTestClock } from "../cli/test-clock.js";
import { targetInMemory } from "./scene.js";
import { createStage, person } from "./stage.js";

/** A deployment that one person has agreed to, and that was planned anew then, because the configuration had changed meanwhile. */
async function createRenewed() {
  const clock = createTestClock();
  const store: Store = { ...memoryStore({ clock }), close: () => Promise.resolve() };
  const effects: string[] = [];
  const shared = targetInMemory(effects);
  const before = createStage({ approvals: {} }, { clock, store, target: () => shared });
  const { id } = await before.deploy("1");
  const shown = (await before.deployer.status("development")).queue[0]?.digest ?? "";
  await before.deployer.close();
  const after = createStage({ approvals: {}, bake: "20s" }, { clock, store, target: () => shared });
  await after.deployer.approve({ deploymentId: id, actor: person("bea"), digest: shown });
  await after.deployer.recover();
  await after.wait(2_000);
  const asked = (await after.deployer.status("development")).queue[0];
  return { ...after, id, shown, asked, effects };
}

test("a word to a plan that was shown before it changed is void, and says so", async () => {
  const { deployer, id, shown, asked, effects, store } = await createRenewed();
  expect(asked).toMatchObject({ id, phase: "awaiting_approval" });
  expect(asked?.digest).not.toBe(shown);
  const versions = async () => (await store.read(`deployment/shop/${id}`)).length;
  const recorded = await versions();

  for (const say of [deployer.approve, deployer.reject]) {
    await expect(say({ deploymentId: id, actor: person("cleo"), digest: shown.slice(0, 20) })).rejects.toMatchObject({
      code: "APPROVAL_STALE",
      data: { asked: asked?.digest },
      message: expect.stringContaining("the word is void") as string,
    });
  }

  expect(await versions()).toBe(recorded);
  expect(effects).toEqual([]);
  await deployer.close();
});

test("the beginning of the digest that is asked about is enough, and too little of it is not", async () => {
  const { deployer, id, asked, end } = await createRenewed();
  const digest = (asked?.digest ?? "").replace("sha256:", "");
  const say = (given: string) => deployer.approve({ deploymentId: id, actor: person("cleo"), digest: given });
  await expect(say(digest.slice(0, 7))).rejects.toMatchObject({ code: "APPROVAL_STALE" });
  await expect(say(`${digest}0`)).rejects.toMatchObject({ code: "APPROVAL_STALE" });
  const deployment = await say(digest.slice(0, 8));
  expect(await end(deployment)).toMatchObject({ phase: "succeeded" });
  await deployer.close();
});

test("the word to a step is held against what that step asks about", async () => {
  const stage = createStage({ approvals: { before: "promote" } }, { clock: createTestClock() });
  const deployment = await stage.deploy("1");
  await stage.wait(2_000);
  const gate = (await stage.deployer.status("development")).running?.waiting[0];
  const about = { deploymentId: deployment.id, actor: person("bea") };
  await expect(stage.deployer.approve({ ...about, digest: `sha256:${"0".repeat(64)}` })).rejects.toMatchObject({ code: "APPROVAL_STALE" });
  await stage.deployer.approve({ ...about, digest: gate?.digest ?? "" });
  expect(await stage.end(deployment)).toMatchObject({ phase: "succeeded" });
  await stage.deployer.close();
});
