import { expect, test } from "vitest";
import { blueGreen, canary, image, rolling, type AnalysisOptions, type Deployment, type Strategy } from "../../src/index.js";
import { functionMetrics } from "../../src/metrics.js";
import { pass } from "../cli/test-clock.js";
import { createScene, type SceneOptions } from "./scene.js";
import { createStage, type Stage } from "./stage.js";

interface StrategyStage extends Stage {
  /** Deploys a release over one that serves, whose own effects are left out. */
  over(release: string): Promise<Deployment>;
}

async function createStrategyStage(strategy: Strategy, options: SceneOptions = { router: {} }): Promise<StrategyStage> {
  const stage = createStage({ bake: { for: "2s", every: "1s" }, ...options.environment, strategy }, options);
  expect(await stage.end(await stage.deploy("0"))).toMatchObject({ phase: "succeeded" });
  return {
    ...stage,
    over: (release) => {
      stage.effects.length = 0;
      return stage.deploy(release);
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
  const { effects, deployer } = await createStrategyStage(canaryInTwo);
  expect(effects).toEqual(["prepare c1", "promote c1"]);
  await deployer.close();
});

test("a canary gets its shares one after another, each as long as it says, and is promoted behind the last", async () => {
  const { over, clock, deployer, effects } = await createStrategyStage(canaryInTwo);
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
}, 180_000);

test("a canary that is not well loses its traffic first, and at once", async () => {
  const { over, clock, deployer, effects, health } = await createStrategyStage(canaryInTwo);
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
  const { over, clock, deployer, effects, health } = await createStrategyStage(canary({ steps: [{ weight: 10, for: "1s" }] }), {
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
  const { over, clock, deployer, effects } = await createStrategyStage(canaryInTwo);
  const deployment = await over("1");
  await clock.advance(minute);
  await deployer.abort({ deploymentId: deployment.id });
  expect(await pass(clock, deployment.result())).toMatchObject({ phase: "rolled_back" });
  expect(effects).toEqual(["prepare c2", "open c1 c2", "share 10", "share 0", "close", "discard c2"]);
  await deployer.close();
});

test("where the traffic cannot be taken back, a person is told how it is shared out", async () => {
  const { over, clock, deployer, health, router, effects } = await createStrategyStage(canaryInTwo);
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

/** Ten requests a second on every release since it was first asked about; the newer one fails as often as is said, the older one time in a thousand. */
function failing(share: number) {
  const begins = new Map<string, number>();
  return functionMetrics({
    read: ({ query, release, at }) => {
      if (!begins.has(release)) begins.set(release, at);
      const requests = Math.floor((at - (begins.get(release) ?? at)) / 100);
      const isNewer = begins.size > 1 && [...begins.keys()].every((other) => other <= release);
      return query === "requests" ? requests : Math.floor(requests * (isNewer ? share : 0.001));
    },
  });
}

const analysis: AnalysisOptions = {
  metrics: { errors: { queries: { requests: "requests", events: "events" } } },
  for: "10m",
  every: "10s",
};
const judgedCanary = canary({ steps: [{ weight: 10, for: "10m" }, { weight: 50, for: "10m" }], analysis }); // prettier-ignore

test("a canary is held against what serves beside it at every share, and loses its traffic when it is worse beyond doubt", async () => {
  const { over, clock, deployer, effects } = await createStrategyStage(judgedCanary, { router: {}, plugins: [failing(0.05)] });
  const deployment = await over("1");
  expect(await pass(clock, deployment.result())).toMatchObject({
    phase: "rolled_back",
    failedStep: "web.shift.10.analysis",
    error: { code: "ANALYSIS_FAILED", data: { judgement: { metrics: [{ name: "errors", verdict: "bad" }] } } },
  });
  expect(effects.slice(1)).toEqual(["open c1 c2", "share 10", "share 0", "close", "discard c2"]);
  await deployer.close();
});

test("one that is no worse passes at every share, and a false alarm is no likelier than with one", async () => {
  const { over, clock, deployer, store } = await createStrategyStage(judgedCanary, { router: {}, plugins: [failing(0.001)] });
  const deployment = await over("1");
  expect(await pass(clock, deployment.result())).toMatchObject({ phase: "succeeded" });
  const events = await store.read(`deployment/shop/${deployment.id}`);
  const succeeded = events.filter(({ type }) => type === "step.succeeded").map(({ data }) => data["step"]);
  expect(succeeded).toEqual(expect.arrayContaining(["web.shift.10.analysis", "web.shift.50.analysis"]));
  const { groups } = (await deployment.state()).plan;
  const inputs = groups.flatMap(({ steps }) => steps.filter(({ operation }) => operation === "gate.analysis").map(({ input }) => input));
  expect(inputs).toMatchObject([{ analysis: { judge: { falseAlarm: 0.005 } } }, { analysis: { judge: { falseAlarm: 0.005 } } }]);
  await deployer.close();
}, 180_000);

const countedCanary = canary({
  steps: [{ weight: 10, for: "10m" }],
  analysis: { metrics: { errors: { queries: "traffic" } }, for: "10m", every: "10s" },
});

/** Counts of a router: so many requests a second on either side since the beginning, of which so many fail. */
async function counted(share: number, options: { readonly silent?: boolean } = {}) {
  const stage = await createStrategyStage(countedCanary, { router: { metrics: true } });
  const began = stage.clock.now();
  stage.router.counts = () => {
    if (options.silent === true) throw new Error("it does not say");
    const requests = Math.floor((stage.clock.now() - began) / 100);
    return [
      { candidate: "c1", instance: "eu", requests, errors: Math.floor(requests * 0.001) },
      { candidate: "c2", instance: "eu", requests, errors: Math.floor(requests * share) },
      { candidate: "c0", instance: "eu", requests: 10 * requests, errors: 10 * requests },
    ];
  };
  return stage;
}

test("what the router counts of both sides decides about a canary", async () => {
  const worse = await counted(0.05);
  expect(await pass(worse.clock, (await worse.over("1")).result())).toMatchObject({
    phase: "rolled_back",
    failedStep: "web.shift.10.analysis",
    error: { code: "ANALYSIS_FAILED", data: { judgement: { metrics: [{ name: "errors", asked: [{ query: "what fake counts" }] }] } } },
  });
  expect(worse.effects.slice(1)).toEqual(["open c1 c2", "share 10", "share 0", "close", "discard c2"]);
  await worse.deployer.close();
  const equal = await counted(0.001);
  expect(await pass(equal.clock, (await equal.over("1")).result())).toMatchObject({ phase: "succeeded" });
  await equal.deployer.close();
}, 180_000);

test("a router that cannot say what it counted has failed nothing: a person decides", async () => {
  const { over, clock, deployer } = await counted(0, { silent: true });
  const deployment = await over("1");
  await clock.advance(15 * minute);
  expect(await deployment.state()).toMatchObject({
    phase: "running",
    steps: {
      "web.shift.10.analysis": {
        forward: { status: "deferred", waitingFor: "inconclusive", reason: expect.stringContaining("could not be measured") as string },
      },
    },
  });
  await deployer.advance({ deploymentId: deployment.id });
  expect(await pass(clock, deployment.result())).toMatchObject({ phase: "succeeded" });
  await deployer.close();
}, 180_000);

test("a router that counts nothing is refused before anything is done", async () => {
  const { deployer } = createScene({ router: {}, environment: { strategy: countedCanary } });
  const request = { environment: "development", source: image(`shop@sha256:${"1".repeat(64)}`) } as const;
  await expect(deployer.plan(request)).rejects.toMatchObject({
    code: "CONFIGURATION_INVALID",
    data: {
      problems: [
        {
          place: "environments.development.components.web.strategy.analysis",
          problem: "is judged by what fake counts, and it counts no requests.",
        },
      ],
    },
  });
  await deployer.close();
});

test("blue and green both run until the standby is over, and the way back is one change of the router", async () => {
  const strategy = blueGreen({ preview: { until: "advanced" }, standby: "10m" });
  const { over, clock, deployer, effects, health } = await createStrategyStage(strategy);
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
}, 180_000);

test("without a router blue and green change places by the promote", async () => {
  const { over, clock, deployer, effects } = await createStrategyStage(blueGreen({ preview: { for: "5m" } }), {});
  const deployment = await over("1");
  await clock.advance(4 * minute);
  expect(effects).toEqual(["prepare c2"]);
  expect(await pass(clock, deployment.result())).toMatchObject({ phase: "succeeded" });
  expect(effects).toEqual(["prepare c2", "promote c2"]);
  await deployer.close();
});

test("a way back to a retained release ends a shift that was given up, and goes no detours", async () => {
  const { over, clock, deployer, effects } = await createStrategyStage(canary({ steps: [{ weight: 10, for: "1s" }] }));
  expect(await pass(clock, (await over("1")).result())).toMatchObject({ phase: "succeeded" });
  effects.length = 0;
  const back = await deployer.rollback({ environment: "development" });
  expect(await pass(clock, back.result())).toMatchObject({ phase: "succeeded", outcome: "rolled-back" });
  expect(effects).toEqual(["promote c1"]);
  await deployer.close();
});

test("the plan says what the strategy does, and what the router cannot", async () => {
  const { deployer } = await createStrategyStage(canaryInTwo, { router: { affinity: "none", lossless: false } });
  const source = image(`shop@sha256:${"1".repeat(64)}`);
  const { strategy, groups, warnings } = await deployer.plan({ environment: "development", source });
  expect(strategy).toBe("canary");
  expect(groups.flatMap(({ steps }) => steps.map(({ id }) => id)).slice(2)).toEqual([
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
  { strategy: rolling(), options: {}, problem: "is rolling, and it runs in one place." },
  { strategy: rolling({ batch: "0.5" as "1%" }), options: {}, problem: 'expected a share such as "25%"' },
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
