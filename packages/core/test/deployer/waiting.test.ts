import { proves } from "@fairlead/test-support";
import { expect, test } from "vitest";
import { image, memoryStore, type Actor, type Deployment, type Store } from "../../src/index.js";
import { createTestClock, pass, type TestClock } from "../cli/test-clock.js";
import { createScene, targetInMemory, type Scene, type SceneOptions } from "./scene.js";

const person = (name: string): Actor => ({ name, via: "cli" });

interface Stage extends Scene {
  readonly clock: TestClock;
  deploy(release: string): Promise<Deployment>;
  /** Lets this much time pass, in milliseconds. */
  wait(milliseconds: number): Promise<void>;
  phaseOf(deployment: Deployment): Promise<string>;
  eventsOf(deployment: Deployment): Promise<readonly string[]>;
}

function createStage(environment: SceneOptions["environment"] = {}, options: SceneOptions = {}): Stage {
  const clock = (options.clock as TestClock | undefined) ?? createTestClock();
  const store: Store = options.store ?? { ...memoryStore({ clock }), close: () => Promise.resolve() };
  const scene = createScene({ ...options, clock, store, environment: { verify: { within: "5s" }, ...environment } });
  return {
    ...scene,
    clock,
    deploy: (release) =>
      scene.deployer.deploy({ environment: "development", source: image(`shop@sha256:${release.repeat(64)}`), actor: person("ada") }),
    wait: (milliseconds) => clock.advance(milliseconds),
    phaseOf: async (deployment) => (await deployment.state()).phase,
    eventsOf: async ({ id }) => (await store.read(`deployment/shop/${id}`)).map(({ type }) => type),
  };
}

const day = 86_400_000;

test("a deployment that people have to agree to holds nothing up, and begins when they have", async (context) => {
  proves(context, "end to end", "I9");
  const { deployer, deploy, store, effects, clock, wait, phaseOf } = createStage({ approvals: { required: 2 } });
  const deployment = await deploy("1");
  expect(await phaseOf(deployment)).toBe("awaiting_approval");
  expect(await store.claimOf("shop/development")).toBeUndefined();
  await deployer.approve({ deploymentId: deployment.id, actor: person("bea") });
  await deployer.approve({ deploymentId: deployment.id, actor: person("bea") });
  await wait(2_000);
  expect(await phaseOf(deployment)).toBe("awaiting_approval");
  expect(effects).toEqual([]);
  await deployer.approve({ deploymentId: deployment.id, actor: person("cleo") });
  expect(await pass(clock, deployment.result())).toMatchObject({ phase: "succeeded" });
  expect(effects).toEqual(["prepare c1", "promote c1"]);
  await deployer.close();
});

test("one refusal is enough", async () => {
  const { deployer, deploy, effects, clock } = createStage({ approvals: {} });
  const deployment = await deploy("1");
  await deployer.reject({ deploymentId: deployment.id, actor: person("bea"), reason: "not today" });
  expect(await pass(clock, deployment.result())).toMatchObject({ phase: "rejected" });
  expect(effects).toEqual([]);
  await deployer.close();
});

test("what nobody agrees to in time expires, also after weeks", async () => {
  const { deployer, deploy, wait, phaseOf } = createStage({ approvals: { expiresAfter: "25d" } });
  const deployment = await deploy("1");
  await wait(24 * day);
  expect(await phaseOf(deployment)).toBe("awaiting_approval");
  await wait(day + 1_000);
  expect(await phaseOf(deployment)).toBe("expired");
  await deployer.close();
}, 180_000);

test("what waits can be stopped, and stays as it is", async () => {
  const { deployer, deploy, phaseOf } = createStage({ approvals: {} });
  const deployment = await deploy("1");
  await deployer.abort({ deploymentId: deployment.id });
  expect(await phaseOf(deployment)).toBe("cancelled");
  await expect(deployer.approve({ deploymentId: deployment.id })).rejects.toMatchObject({ code: "DEPLOYMENT_ENDED" });
  await deployer.close();
});

test("another deployment in between does not void an agreement, and the plan is made anew from what serves then", async (context) => {
  proves(context, "end to end", "I14");
  const clock = createTestClock();
  const store: Store = { ...memoryStore({ clock }), close: () => Promise.resolve() };
  const shared = targetInMemory([]);
  const careful = createStage({ approvals: {} }, { clock, store, target: () => shared });
  const first = await careful.deploy("1");
  const quick = createStage({}, { clock, store, target: () => shared });
  const between = await quick.deploy("2");
  expect(await pass(clock, between.result())).toMatchObject({ phase: "succeeded" });
  await careful.deployer.approve({ deploymentId: first.id, actor: person("bea") });
  expect(await pass(clock, first.result())).toMatchObject({ phase: "succeeded" });
  await careful.deployer.close();
  await quick.deployer.close();
});

test("a freeze holds what is deployed meanwhile, but not what is said to be urgent, nor a rollback", async () => {
  const { deployer, deploy, clock, wait, phaseOf } = createStage();
  for (const release of ["1", "2"]) await pass(clock, (await deploy(release)).result());
  await deployer.freeze({ environment: "development", reason: "the fair", actor: person("lea") });
  const held = await deploy("3");
  await wait(2_000);
  expect(await held.state()).toMatchObject({ phase: "held", hold: { reason: "lea stopped it: the fair", until: null } });
  expect(await pass(clock, (await deployer.rollback({ environment: "development" })).result())).toMatchObject({ phase: "succeeded" });
  const urgent = await deploy("4");
  await deployer.release({ deploymentId: urgent.id, reason: "mends the checkout" });
  expect(await pass(clock, urgent.result())).toMatchObject({ phase: "succeeded" });
  expect(await phaseOf(held)).toBe("held");
  await deployer.unfreeze({ environment: "development" });
  expect(await pass(clock, held.result())).toMatchObject({ phase: "succeeded" });
  await deployer.close();
});

test("times that the configuration names are held, and over when they are over", async () => {
  const { deployer, deploy, clock, phaseOf, wait } = createStage({
    freezes: [{ from: "2026-11-21T11:00:00+01:00", to: "2026-11-21T12:00:00+01:00", reason: "lunch" }],
  });
  const deployment = await deploy("1");
  expect(await phaseOf(deployment)).toBe("held");
  await wait(3_590_000);
  expect(await phaseOf(deployment)).toBe("held");
  await wait(12_000);
  expect(await pass(clock, deployment.result())).toMatchObject({ phase: "succeeded" });
  await deployer.close();
});

test("in a queue each waits for its turn, the oldest first", async () => {
  const { deployer, deploy, clock, effects } = createStage({ queue: "queue", bake: "2s" });
  const deployments = [await deploy("1"), await deploy("2"), await deploy("3")];
  for (const deployment of deployments) expect(await pass(clock, deployment.result())).toMatchObject({ phase: "succeeded" });
  expect(effects.filter((effect) => effect.startsWith("promote"))).toEqual(["promote c1", "promote c2", "promote c3"]);
  await deployer.close();
});

test("the newest supersedes those that wait, and says so", async (context) => {
  proves(context, "end to end", "I9");
  const { deployer, deploy, clock, store } = createStage({ queue: "supersede", bake: "2s" });
  const [running, waiting, newest] = [await deploy("1"), await deploy("2"), await deploy("3")];
  expect(await pass(clock, waiting.result())).toMatchObject({ phase: "superseded" });
  expect(await waiting.state()).toMatchObject({ supersededBy: newest.id });
  expect(await pass(clock, running.result())).toMatchObject({ phase: "succeeded" });
  expect(await pass(clock, newest.result())).toMatchObject({ phase: "succeeded" });
  expect(await store.claimOf("shop/development")).toBeUndefined();
  await deployer.close();
});

test("what goes before others stops what does not serve yet, and waits for what does", async () => {
  const { deployer, deploy, clock, health } = createStage({ queue: "preempt", bake: "2s" });
  health.candidate = "down";
  const verifying = await deploy("1");
  await clock.advance(50);
  health.candidate = "up";
  const baking = await deploy("2");
  expect(await pass(clock, verifying.result())).toMatchObject({ phase: "rolled_back", error: null });
  while ((await baking.state()).steps["web.promote"]?.forward.status !== "succeeded") await clock.advance(100);
  const last = await deploy("3");
  expect(await pass(clock, baking.result())).toMatchObject({ phase: "succeeded" });
  expect(await pass(clock, last.result())).toMatchObject({ phase: "succeeded" });
  await deployer.close();
});

test("what is deployed twice while it waits is one deployment", async () => {
  const { deployer, deploy } = createStage({ approvals: {} });
  expect((await deploy("1")).id).toBe((await deploy("1")).id);
  await deployer.close();
});

test("what is under way is joined by whoever wants the same, also where people have to agree; what is to stop is not", async () => {
  const { deployer, deploy, clock, phaseOf } = createStage({ approvals: {}, queue: "queue", bake: "1h" });
  const running = await deploy("1");
  await deployer.approve({ deploymentId: running.id, actor: person("bea") });
  while ((await phaseOf(running)) !== "running") await clock.advance(100);
  const again = await deploy("1");
  expect([again.id, again.joined]).toEqual([running.id, true]);
  const other = await deploy("2");
  const behind = await deploy("1");
  expect(new Set([running.id, other.id, behind.id]).size).toBe(3);
  await deployer.abort({ deploymentId: other.id });
  await deployer.abort({ deploymentId: behind.id });
  await deployer.abort({ deploymentId: running.id });
  const anew = await deploy("1");
  expect(anew.id).not.toBe(running.id);
  await pass(clock, deployer.close());
});

test("one that is to stop is not joined, but waited for", async () => {
  const { deployer, deploy, clock } = createStage({ queue: "queue", bake: "10s" });
  await pass(clock, (await deploy("1")).result());
  const stopped = await deploy("2");
  await deployer.abort({ deploymentId: stopped.id });
  const anew = await deploy("2");
  expect(anew.joined).toBe(false);
  expect(await pass(clock, stopped.result())).toMatchObject({ phase: "rolled_back" });
  expect(await pass(clock, anew.result())).toMatchObject({ phase: "succeeded" });
  await deployer.close();
});

test("a worker lets begin what another process left waiting", async () => {
  const clock = createTestClock();
  const store: Store = { ...memoryStore({ clock }), close: () => Promise.resolve() };
  const first = createStage({ approvals: {} }, { clock, store });
  const deployment = await first.deploy("1");
  await pass(clock, first.deployer.close());
  const second = createStage({ approvals: {} }, { clock, store });
  const leaving = new AbortController();
  const work = second.deployer.work({ signal: leaving.signal });
  await second.deployer.approve({ deploymentId: deployment.id, actor: person("bea") });
  const found = await second.deployer.deployment(deployment.id);
  expect(await pass(clock, found.result())).toMatchObject({ phase: "succeeded" });
  leaving.abort();
  await pass(clock, work);
  await pass(clock, second.deployer.close());
});

test("while it is paused no step begins; what runs goes on", async () => {
  const { deployer, deploy, clock, wait, effects } = createStage({ bake: "5s" });
  const deployment = await deploy("1");
  await deployer.pause({ deploymentId: deployment.id, actor: person("bea"), reason: "let me see" });
  await wait(600_000);
  expect(effects).not.toContain("promote c1");
  expect(await deployment.state()).toMatchObject({ phase: "running", pause: { reason: "let me see" } });
  await deployer.resume({ deploymentId: deployment.id, actor: person("bea") });
  expect(await pass(clock, deployment.result())).toMatchObject({ phase: "succeeded" });
  await deployer.close();
});

test("a person leaves the bake; the verification nobody leaves", async () => {
  const { deployer, deploy, clock, wait, health, eventsOf } = createStage({ bake: "2h" });
  const deployment = await deploy("1");
  await wait(5_000);
  await deployer.advance({ deploymentId: deployment.id, actor: person("bea"), reason: "good numbers" });
  const begun = clock.now();
  expect(await pass(clock, deployment.result())).toMatchObject({ phase: "succeeded" });
  expect(clock.now() - begun).toBeLessThan(5_000);
  expect(await eventsOf(deployment)).toContain("advance.requested");

  health.candidate = "down";
  const bad = await deploy("2");
  await deployer.advanceAll({ deploymentId: bad.id });
  expect(await pass(clock, bad.result())).toMatchObject({ phase: "rolled_back", error: { code: "VERIFICATION_FAILED" } });
  await deployer.close();
});

test("people who are asked before the promote see a candidate that is well, and nothing serves meanwhile", async (context) => {
  proves(context, "end to end", "I16", "I19");
  const { deployer, deploy, clock, wait, effects } = createStage({ approvals: { before: "promote", expiresAfter: "2d" } });
  const deployment = await deploy("1");
  await wait(day);
  expect(effects).toEqual(["prepare c1"]);
  expect(await deployment.state()).toMatchObject({ phase: "running", parked: {} });
  await deployer.approve({ deploymentId: deployment.id, actor: person("bea") });
  expect(await pass(clock, deployment.result())).toMatchObject({ phase: "succeeded" });

  const refused = await deploy("2");
  await wait(10_000);
  await deployer.reject({ deploymentId: refused.id, actor: person("bea"), reason: "the colour" });
  expect(await pass(clock, refused.result())).toMatchObject({ phase: "rolled_back", error: { code: "APPROVAL_REJECTED" } });

  const forgotten = await deploy("3");
  await wait(10_000);
  await deployer.pause({ deploymentId: forgotten.id });
  await wait(3 * day);
  await deployer.resume({ deploymentId: forgotten.id });
  await wait(day);
  expect(await forgotten.state()).toMatchObject({ phase: "running" });
  await wait(day + 10_000);
  expect(await pass(clock, forgotten.result())).toMatchObject({ phase: "rolled_back", error: { code: "APPROVAL_EXPIRED" } });
  expect(effects.filter((effect) => effect.startsWith("discard"))).toHaveLength(2);
  await deployer.close();
});

test("commands that do not fit say why", async () => {
  const { deployer, deploy, clock, wait } = createStage({ bake: "1h" });
  const deployment = await deploy("1");
  await wait(5_000);
  const about = { deploymentId: deployment.id };
  await expect(deployer.resume(about)).rejects.toMatchObject({ code: "COMMAND_UNFIT", data: { why: "It is not paused." } });
  await expect(deployer.approve(about)).rejects.toMatchObject({ code: "COMMAND_UNFIT" });
  await expect(deployer.release({ ...about, reason: "" })).rejects.toMatchObject({ code: "COMMAND_UNFIT" });
  await expect(deployer.takeBack({ ...about, reason: "" })).rejects.toMatchObject({ code: "DEPLOYMENT_NOT_WAITING" });
  await expect(deployer.freeze({ environment: "development", reason: "x", until: "yesterday" })).rejects.toMatchObject({
    code: "FREEZE_INVALID",
  });
  await deployer.abort(about);
  expect(await pass(clock, deployment.result())).toMatchObject({ phase: "needs_attention" });
  await deployer.close();
});
