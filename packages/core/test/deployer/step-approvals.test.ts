import { expect, test } from "vitest";
import * as z from "zod";
import { definePlugin, defineStep, image, memoryStore, type Actor, type Json, type StepDefinition, type Store } from "../../src/index.js";
import { createTestClock, pass } from "../cli/test-clock.js";
import { createScene } from "./scene.js";

const person = (name: string): Actor => ({ name, via: "cli" });

/** A deployer with a plugin whose first step finds out what there is to do, and whose second one does it once people have agreed. */
function createStage(answer: () => Json, declared: Partial<Pick<StepDefinition, "approval" | "order">> = {}) {
  const clock = createTestClock();
  const store: Store = { ...memoryStore({ clock }), close: () => Promise.resolve() };
  const messages: { readonly title: string; readonly text: string }[] = [];
  const done: string[] = [];
  const dam = definePlugin({
    id: "dam",
    provides: ["steps"],
    options: z.strictObject({}),
    setup: () => ({
      steps: [
        defineStep({
          id: "look",
          stage: "preflight",
          effect: false,
          idempotency: "natural",
          reversibility: "leave",
          run: () => Promise.resolve(answer()),
        }),
        defineStep({
          id: "raise",
          stage: "provision",
          order: "first",
          approval: { to: "look", expiresAfter: "2d" },
          settle: "0s",
          idempotency: "natural",
          reversibility: "leave",
          run: () => {
            done.push("raise");
            scene.effects.push("raise");
            return Promise.resolve(undefined);
          },
          ...declared,
        }),
      ],
    }),
  });
  const scene = createScene({
    clock,
    store,
    plugins: [dam()],
    environment: { verify: { within: "5s" } },
    channels: {
      chat: (message) => {
        messages.push(message);
        return Promise.resolve({});
      },
    },
  });
  const deploy = (release = "1") =>
    scene.deployer.deploy({ environment: "development", source: image(`shop@sha256:${release.repeat(64)}`), actor: person("ada") });
  const waits = async () => (await scene.deployer.status("development")).running?.waiting;
  return { ...scene, clock, messages, deploy, waits };
}

const found = { hasChanges: true, summary: ["the dam rises by 2 m", "~ dam"], digest: "sha256:1" };

test("a step waits until people have agreed to what the one before it has found, and they see what that is", async () => {
  const { deployer, deploy, clock, effects, messages, waits } = createStage(() => found);
  const deployment = await deploy();
  await clock.advance(86_400_000);
  expect(effects).toEqual([]);
  expect(await waits()).toEqual([
    {
      step: "dam.raise.approval",
      waitingFor: "approval",
      reason: "0 of 1 have agreed to: the dam rises by 2 m",
      until: expect.stringMatching(/^2026-/) as string,
      summary: ["the dam rises by 2 m", "~ dam"],
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string,
    },
  ]);
  const asked = messages.filter(({ title }) => title.endsWith("waits for approval"));
  expect(asked).toHaveLength(1);
  expect(asked[0]?.text).toMatch(/^0 of 1 have agreed to: the dam rises by 2 m, until .*\.\n~ dam$/);
  await deployer.advanceAll({ deploymentId: deployment.id, actor: person("ada") });
  await clock.advance(2_000);
  expect(effects).toEqual([]);
  await deployer.approve({ deploymentId: deployment.id, actor: person("bea") });
  expect(await pass(clock, deployment.result())).toMatchObject({ phase: "succeeded" });
  expect(effects).toEqual(["raise", "prepare c1", "promote c1"]);
  await deployer.close();
});

test("who refuses ends it, and so does the time, before anything was done", async () => {
  const { deployer, deploy, clock, effects } = createStage(() => found);
  const refused = await deploy("1");
  await clock.advance(2_000);
  await deployer.reject({ deploymentId: refused.id, actor: person("bea"), reason: "too high" });
  expect(await pass(clock, refused.result())).toMatchObject({ error: { code: "APPROVAL_REJECTED" } });
  const forgotten = await deploy("2");
  await clock.advance(2 * 86_400_000 + 2_000);
  expect(await pass(clock, forgotten.result())).toMatchObject({ error: { code: "APPROVAL_EXPIRED" } });
  expect(effects).toEqual([]);
  await deployer.close();
});

test("where there is nothing to do nobody is asked", async () => {
  const { deployer, deploy, clock, messages } = createStage(() => ({ ...found, hasChanges: false }));
  expect(await pass(clock, (await deploy()).result())).toMatchObject({ phase: "succeeded" });
  expect(messages.map(({ title }) => title).filter((title) => title.includes("approval"))).toEqual([]);
  await deployer.close();
});

test("a word is bound to what was found, not to the plan of the deployment alone", async () => {
  const { deployer, deploy, clock, store } = createStage(() => found);
  const deployment = await deploy();
  await clock.advance(2_000);
  const { plan } = await deployment.state();
  await deployer.approve({ deploymentId: deployment.id, actor: person("bea") });
  expect(await pass(clock, deployment.result())).toMatchObject({ phase: "succeeded" });
  const granted = (await store.read(`deployment/shop/${deployment.id}`)).find(({ type }) => type === "approval.granted");
  expect(granted?.data).toMatchObject({ step: "dam.raise.approval", digest: expect.stringMatching(/^sha256:/) as string });
  expect(granted?.data["digest"]).not.toBe(plan.digest);
  await deployer.close();
});

test("a step is agreed to as it stands in the plan, at the end of its stage by default", async () => {
  const { deployer, deploy, clock, effects } = createStage(() => null, { approval: true, order: "last" });
  const deployment = await deploy();
  await clock.advance(2_000);
  expect(effects).toEqual(["prepare c1"]);
  await deployer.approve({ deploymentId: deployment.id, actor: person("bea") });
  expect(await pass(clock, deployment.result())).toMatchObject({ phase: "succeeded" });
  expect(effects).toEqual(["prepare c1", "raise", "promote c1"]);
  await deployer.close();
});

test("nobody can agree to what is not known yet", async () => {
  const { deployer, deploy } = createStage(() => null, { approval: { to: "raise" } });
  await expect(deploy()).rejects.toMatchObject({ code: "APPROVAL_TOO_EARLY", data: { step: "dam.raise.approval", to: "dam.raise" } });
  await deployer.close();
});

test("the outlook of a plan names the people whom its own steps ask", async () => {
  const { deployer } = createStage(() => found, { approval: { to: "look", required: 2, expiresAfter: "2d" } });
  const plan = await deployer.plan({ environment: "development", source: image(`shop@sha256:${"1".repeat(64)}`) });
  expect((await deployer.outlook(plan)).approvals).toEqual([{ required: 2, before: "dam.raise.approval", expiresAfter: 172_800_000 }]);
  await deployer.close();
});
