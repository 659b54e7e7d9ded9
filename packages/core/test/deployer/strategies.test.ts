import { expect, test } from "vitest";
import { blueGreen, canary, image, memoryStore, type Deployment, type EnvironmentOptions, type Store } from "../../src/index.js";
import { createTestClock, pass, type TestClock } from "../cli/test-clock.js";
import { createScene, type Scene, type SceneOptions } from "./scene.js";

interface Stage extends Scene {
  readonly clock: TestClock;
  /** Deploys a release over one that serves, whose own effects are left out. */
  over(release: string): Promise<Deployment>;
  plan(release: string): Promise<{ readonly warnings: readonly string[]; readonly steps: readonly string[]; readonly strategy: string }>;
}

async function createStage(strategy: NonNullable<EnvironmentOptions["strategy"]>, options: SceneOptions = { router: {} }): Promise<Stage> {
  const clock = createTestClock();
  const store: Store = { ...memoryStore({ clock }), close: () => Promise.resolve() };
  const scene = createScene({
    ...options,
    clock,
    store,
    environment: { verify: { within: "5s" }, bake: { for: "2s", every: "1s" }, ...options.environment, strategy },
  });
  const sourceOf = (release: string) => image(`shop@sha256:${release.repeat(64)}`);
  const first = await scene.deployer.deploy({ environment: "development", source: sourceOf("0") });
  expect(await pass(clock, first.result())).toMatchObject({ phase: "succeeded" });
  return {
    ...scene,
    clock,
    over: async (release) => {
      scene.effects.length = 0;
      return scene.deployer.deploy({ environment: "development", source: sourceOf(release) });
    },
    plan: async (release) => {
      const plan = await scene.deployer.plan({ environment: "development", source: sourceOf(release) });
      return { ...plan, steps: plan.groups.flatMap(({ steps }) => steps.map(({ id }) => id)) };
    },
  };
}

const minute = 60_000;
const canaryInTwo = canary({
  steps: [
    { weight: 10, for: "2m" },
    { weight: 50, until: "advanced" },
  ],
});

test("what serves nobody yet has nothing to be compared with: the first release of a canary is promoted at once", async () => {
  const { effects, deployer } = await createStage(canaryInTwo);
  expect(effects).toEqual(["prepare c1", "promote c1"]);
  await deployer.close();
});

test("a canary gets its shares one after another, each as long as it says, and is promoted behind the last", async () => {
  const { over, clock, deployer, effects } = await createStage(canaryInTwo);
  const deployment = await over("1");
  await clock.advance(minute);
  expect(effects).toEqual(["prepare c2", "open c1 c2", "share 10"]);
  await clock.advance(2 * minute);
  expect(effects.at(-1)).toBe("share 50");
  await clock.advance(60 * minute);
  expect(effects.at(-1)).toBe("share 50");
  await deployer.advance({ deploymentId: deployment.id });
  expect(await pass(clock, deployment.result())).toMatchObject({ phase: "succeeded" });
  expect(effects).toEqual(["prepare c2", "open c1 c2", "share 10", "share 50", "promote c2", "close"]);
  await deployer.close();
}, 60_000);

test("a canary that is not well loses its traffic first, and at once", async () => {
  const { over, clock, deployer, effects, health } = await createStage(canaryInTwo);
  const deployment = await over("1");
  await clock.advance(2.5 * minute);
  expect(effects.at(-1)).toBe("share 50");
  health.candidate = "down";
  await clock.advance(1_000);
  expect(await pass(clock, deployment.result())).toMatchObject({ phase: "rolled_back", failedStep: "web.shift.50.watch" });
  expect(effects).toEqual(["prepare c2", "open c1 c2", "share 10", "share 50", "share 0", "close", "discard c2"]);
  await deployer.close();
});

test("what fails behind the promote is taken back by the target, and the router is left as it was", async () => {
  const { over, clock, deployer, effects, health } = await createStage(canary({ steps: [{ weight: 10, for: "1s" }] }), {
    router: {},
    environment: { bake: { for: "1m", every: "1s" } },
  });
  const deployment = await over("1");
  await clock.advance(10_000);
  expect(effects.slice(-2)).toEqual(["promote c2", "close"]);
  health.live = "down";
  expect(await pass(clock, deployment.result())).toMatchObject({ phase: "rolled_back", failedStep: "bake" });
  expect(effects.slice(-3)).toEqual(["close", "promote c1", "discard c2"]);
  await deployer.close();
});

test("whoever wants it to stop gets the traffic back", async () => {
  const { over, clock, deployer, effects } = await createStage(canaryInTwo);
  const deployment = await over("1");
  await clock.advance(minute);
  await deployer.abort({ deploymentId: deployment.id });
  expect(await pass(clock, deployment.result())).toMatchObject({ phase: "rolled_back" });
  expect(effects).toEqual(["prepare c2", "open c1 c2", "share 10", "share 0", "close", "discard c2"]);
  await deployer.close();
});

test("where the traffic cannot be taken back, a person is told how it is shared out", async () => {
  const { over, clock, deployer, health, router, effects } = await createStage(canaryInTwo);
  const deployment = await over("1");
  await clock.advance(minute);
  router.isStuck = true;
  health.candidate = "down";
  await clock.advance(5 * minute);
  const state = await deployment.state();
  expect(state.phase).toBe("needs_attention");
  expect(state.attention).toMatchObject({
    reason: "Taking back web.shift.10 did not work.",
    serving: [{ component: "web", candidate: "c1", note: "its traffic is shared out: 90 % to c1, 10 % to c2" }],
  });
  router.isStuck = false;
  const again = await deployer.retry({ deploymentId: deployment.id });
  expect(await pass(clock, again.result())).toMatchObject({ phase: "rolled_back" });
  expect(effects.slice(-3)).toEqual(["share 0", "close", "discard c2"]);
  await deployer.close();
});

test("blue and green both run until the standby is over, and the way back is one change of the router", async () => {
  const strategy = blueGreen({ preview: { until: "advanced" }, standby: "10m" });
  const { over, clock, deployer, effects, health } = await createStage(strategy);
  const deployment = await over("1");
  await clock.advance(60 * minute);
  expect(effects).toEqual(["prepare c2"]);
  await deployer.advance({ deploymentId: deployment.id });
  await clock.advance(5 * minute);
  expect(effects).toEqual(["prepare c2", "open c1 c2", "share 100"]);
  health.candidate = "down";
  expect(await pass(clock, deployment.result())).toMatchObject({ phase: "rolled_back" });
  expect(effects.slice(3)).toEqual(["share 0", "close", "discard c2"]);
  health.candidate = "up";
  const next = await over("2");
  await clock.advance(minute);
  await deployer.advance({ deploymentId: next.id });
  expect(await pass(clock, next.result())).toMatchObject({ phase: "succeeded" });
  expect(effects).toEqual(["prepare c2", "open c1 c2", "share 100", "promote c2", "close"]);
  await deployer.close();
}, 60_000);

test("without a router blue and green change places by the promote", async () => {
  const { over, clock, deployer, effects } = await createStage(blueGreen({ preview: { for: "5m" } }), {});
  const deployment = await over("1");
  await clock.advance(4 * minute);
  expect(effects).toEqual(["prepare c2"]);
  expect(await pass(clock, deployment.result())).toMatchObject({ phase: "succeeded" });
  expect(effects).toEqual(["prepare c2", "promote c2"]);
  await deployer.close();
});

test("a way back to a retained release ends a shift that was given up, and goes no detours", async () => {
  const { over, clock, deployer, effects } = await createStage(canary({ steps: [{ weight: 10, for: "1s" }] }));
  expect(await pass(clock, (await over("1")).result())).toMatchObject({ phase: "succeeded" });
  effects.length = 0;
  const back = await deployer.rollback({ environment: "development" });
  expect(await pass(clock, back.result())).toMatchObject({ phase: "succeeded", outcome: "rolled-back" });
  expect(effects).toEqual(["promote c1"]);
  await deployer.close();
});

test("the plan says what the strategy does, and what the router cannot", async () => {
  const { plan, deployer } = await createStage(canaryInTwo, { router: { affinity: "none", lossless: false } });
  const { strategy, steps, warnings } = await plan("1");
  expect(strategy).toBe("canary");
  expect(steps.slice(2)).toEqual([
    "web.verify",
    "web.shift.open",
    "web.shift.10",
    "web.shift.10.watch",
    "web.shift.50",
    "web.shift.50.watch",
    "web.promote",
    "web.shift.close",
    "bake",
  ]);
  expect(warnings).toEqual([
    "fake may cut requests to web while it moves traffic.",
    "fake does not keep visitors of web on one side: each request may be answered by another release.",
  ]);
  await deployer.close();
});

test.for([
  { strategy: canaryInTwo, options: {}, problem: 'is a canary, and "fake" sends no shares of the traffic.' },
  {
    strategy: blueGreen({ standby: "1m" }),
    options: {},
    problem: 'keeps the release before on standby, and "fake" sends no shares of the traffic.',
  },
  { strategy: canaryInTwo, options: { router: { weights: "none" as const } }, problem: "is a canary, and fake sends all traffic or none." },
  { strategy: canary({ steps: [] }), options: { router: {} }, problem: "expected at least one share" },
  {
    strategy: canary({
      steps: [
        { weight: 50, for: "1m" },
        { weight: 20, for: "1m" },
      ],
    }),
    options: { router: {} },
    problem: "expected shares that grow from step to step",
  },
  { strategy: canary({ steps: [{ weight: 101, for: "1m" }] }), options: { router: {} }, problem: "too big" },
])("what cannot be is said before anything is done: $problem", async ({ strategy, options, problem }) => {
  const { deployer, effects } = createScene({ ...options, environment: { strategy } });
  const source = image(`shop@sha256:${"1".repeat(64)}`);
  await expect(deployer.deploy({ environment: "development", source })).rejects.toMatchObject({
    code: "CONFIGURATION_INVALID",
    message: expect.stringContaining(problem) as string,
  });
  expect(effects).toEqual([]);
  await deployer.close();
});
