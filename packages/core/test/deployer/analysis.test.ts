import { expect, test } from "vitest";
import { image, memoryStore, type AnalysisOptions, type Deployment, type DeploymentEventData, type Store } from "../../src/index.js";
import { functionMetrics, type FunctionMetricsOptions } from "../../src/metrics.js";
import { createTestClock, pass, type TestClock } from "../cli/test-clock.js";
import { createScene, targetInMemory, type Scene, type SceneOptions } from "./scene.js";

interface Stage extends Scene {
  readonly clock: TestClock;
  deploy(release: string): Promise<Deployment>;
}

const queries = { requests: "requests", events: "events" };

const errors: AnalysisOptions = { metrics: { errors: { queries, against: { limit: 0.01 } } }, for: "5m" };

/** Ten requests a second on every release since it was first asked about; of the first so many errors, of the second so many, … */
function counters(shares: readonly number[]): FunctionMetricsOptions["read"] {
  const begins = new Map<string, number>();
  return ({ query, release, at }) => {
    if (!begins.has(release)) begins.set(release, at);
    const requests = Math.floor((at - (begins.get(release) ?? at)) / 100);
    return query === "requests" ? requests : Math.floor(requests * (shares[[...begins.keys()].indexOf(release)] ?? 0));
  };
}

const silent: FunctionMetricsOptions["read"] = () => undefined;

function createStage(
  read: FunctionMetricsOptions["read"],
  environment: SceneOptions["environment"] = {},
  options: SceneOptions = {},
): Stage {
  const clock = (options.clock as TestClock | undefined) ?? createTestClock();
  const store: Store = options.store ?? { ...memoryStore({ clock }), close: () => Promise.resolve() };
  const plugins = [functionMetrics({ read })];
  const scene = createScene({
    ...options,
    clock,
    store,
    plugins,
    environment: { verify: { within: "5s" }, analysis: errors, bake: "1s", ...environment },
  });
  return {
    ...scene,
    clock,
    deploy: (release) => scene.deployer.deploy({ environment: "development", source: image(`shop@sha256:${release.repeat(64)}`) }),
  };
}

async function dataOf<Type extends keyof DeploymentEventData>(
  { store }: Scene,
  deployment: Deployment,
  type: Type,
): Promise<readonly DeploymentEventData[Type][]> {
  const events = await store.read(`deployment/shop/${deployment.id}`);
  return events.filter((event) => event.type === type).map(({ data }) => data as unknown as DeploymentEventData[Type]);
}

const judged = async (scene: Scene, deployment: Deployment) =>
  (await dataOf(scene, deployment, "step.succeeded")).find(({ step }) => step === "analysis")?.output;

test("what keeps within its limit passes, and the journal says by how much", async () => {
  const stage = createStage(counters([0.001]));
  const deployment = await stage.deploy("1");
  expect(await pass(stage.clock, deployment.result())).toMatchObject({ phase: "succeeded" });
  expect(await judged(stage, deployment)).toMatchObject({
    verdict: "pass",
    evidence: expect.any(Number) as number,
    needed: 100,
    metrics: [
      {
        name: "errors",
        estimate: expect.any(Number) as number,
        interval: { high: expect.any(Number) as number },
        candidate: { requests: expect.any(Number) as number },
        asked: [{ query: "requests" }, { query: "events" }],
      },
    ],
  });
  await pass(stage.clock, stage.deployer.close());
});

test("one that fails more often is taken back at once, while the bake has hours to go", async () => {
  const stage = createStage(counters([0.001, 0.1]), { bake: "3h" });
  const first = await stage.deploy("1");
  await stage.clock.advance(10_000);
  await stage.deployer.advanceAll({ deploymentId: first.id });
  await pass(stage.clock, first.result());
  const begun = stage.clock.now();
  const second = await stage.deploy("2");
  expect(await pass(stage.clock, second.result())).toMatchObject({
    phase: "rolled_back",
    failedStep: "analysis",
    error: { code: "ANALYSIS_FAILED", data: { judgement: { verdict: "fail", metrics: [{ name: "errors", verdict: "bad" }] } } },
  });
  expect(stage.clock.now() - begun).toBeLessThan(300_000);
  expect(stage.effects.slice(-2)).toEqual(["promote c1", "discard c2"]);
  // The bake was given up: it has not failed, and nobody tried it again.
  const { steps, failures } = await stage.deployer.explain(second.id);
  expect(steps.find(({ id }) => id === "bake")).toMatchObject({ fate: "stopped" });
  expect(failures.filter((text) => text.startsWith("bake"))).toEqual([]);
  await pass(stage.clock, stage.deployer.close());
});

async function deployed(stage: Stage): Promise<void> {
  const first = await stage.deploy("1");
  await stage.clock.advance(10_000);
  await stage.deployer.advanceAll({ deploymentId: first.id });
  await pass(stage.clock, first.result());
}

test("of what shows no data nothing can be told: a person lets it go on, or it is taken back", async () => {
  const told: string[] = [];
  const chat = async ({ title }: { readonly title: string }) => {
    told.push(title);
    return {};
  };
  const stage = createStage(silent, {}, { channels: { chat } });
  await deployed(stage);
  const second = await stage.deploy("2");
  await stage.clock.advance(600_000);
  expect(await second.state()).toMatchObject({
    phase: "running",
    steps: {
      analysis: { forward: { status: "deferred", waitingFor: "inconclusive", reason: expect.stringContaining("Too little") as string } },
    },
  });
  expect(told.filter((title) => title.endsWith("cannot be judged"))).toHaveLength(1);
  await stage.deployer.advance({ deploymentId: second.id, reason: "nobody is awake" });
  expect(await pass(stage.clock, second.result())).toMatchObject({ phase: "succeeded" });

  const third = await stage.deploy("3");
  await stage.clock.advance(300_000);
  await stage.deployer.pause({ deploymentId: third.id });
  await stage.clock.advance(7_200_000);
  await stage.deployer.resume({ deploymentId: third.id });
  await stage.clock.advance(3_000_000);
  expect(await third.state()).toMatchObject({ phase: "running" });
  await stage.clock.advance(1_500_000);
  expect(await pass(stage.clock, third.result())).toMatchObject({
    phase: "rolled_back",
    error: { code: "ANALYSIS_INCONCLUSIVE", data: { waited: "1 h 00 m", judgement: { reason: "insufficient_data" } } },
  });
  await pass(stage.clock, stage.deployer.close());
});

test("where it is left to the checks, they decide", async () => {
  const stage = createStage(silent, { analysis: { ...errors, onInconclusive: "proceed" } });
  const first = await stage.deploy("1");
  expect(await pass(stage.clock, first.result())).toMatchObject({ phase: "succeeded" });
  expect(await judged(stage, first)).toMatchObject({ verdict: "inconclusive", proceeded: true });

  const second = await stage.deploy("2");
  await stage.clock.advance(200_000);
  stage.health.live = "down";
  await stage.clock.advance(200_000);
  expect(await second.state()).toMatchObject({ steps: { analysis: { forward: { waitingFor: "inconclusive" } } } });
  stage.health.live = "up";
  await stage.deployer.abort({ deploymentId: second.id });
  await pass(stage.clock, second.result());
  await pass(stage.clock, stage.deployer.close());
});

test("a source that hangs or fails is trouble in measuring, not a failure of the release", async () => {
  for (const read of [() => new Promise<never>(() => undefined), () => Promise.reject(new Error("no such table"))]) {
    const stage = createStage(read);
    const deployment = await stage.deploy("1");
    await stage.clock.advance(400_000);
    expect(await deployment.state()).toMatchObject({ phase: "running", steps: { analysis: { forward: { waitingFor: "inconclusive" } } } });
    const state = (await deployment.state()).steps["analysis"];
    expect(state?.memo).toMatchObject({ state: { decision: { reason: "provider_error" } } });
    await stage.deployer.advance({ deploymentId: deployment.id });
    await pass(stage.clock, deployment.result());
    await pass(stage.clock, stage.deployer.close());
  }
});

test("a process that dies between two looks loses nothing: the next one comes to the same verdict", async () => {
  const undisturbed = createStage(counters([0.005]));
  const calm = await undisturbed.deploy("1");
  await pass(undisturbed.clock, calm.result());
  await pass(undisturbed.clock, undisturbed.deployer.close());

  const clock = createTestClock();
  const shared: Store = { ...memoryStore({ clock }), close: () => Promise.resolve() };
  let isDead = false;
  const dying: Store = {
    ...shared,
    commit: (input) => (isDead ? new Promise(() => undefined) : shared.commit(input)),
    leases: { ...shared.leases, renew: (...input) => (isDead ? new Promise(() => undefined) : shared.leases.renew(...input)) },
  };
  const target = targetInMemory([]);
  const read = counters([0.005]);
  const first = createStage(read, {}, { clock, store: dying, target: () => target });
  const { id } = await first.deploy("1");
  await clock.advance(45_000);
  isDead = true;
  const second = createStage(read, {}, { clock, store: shared, target: () => target });
  const leaving = new AbortController();
  const work = second.deployer.work({ signal: leaving.signal });
  const deployment = await second.deployer.deployment(id);
  expect(await pass(clock, deployment.result())).toMatchObject({ phase: "succeeded" });
  expect(await dataOf(second, deployment, "deployment.started")).toHaveLength(2);
  expect(await judged(second, deployment)).toEqual(await judged(undisturbed, calm));
  leaving.abort();
  await pass(clock, work);
  await pass(clock, second.deployer.close());
});

test("what the analysis will do is in the plan, and what keeps it from judging is a problem of the configuration", async () => {
  const stage = createStage(silent);
  const plan = await stage.deployer.plan({ environment: "development", source: image(`shop@sha256:${"1".repeat(64)}`) });
  expect(plan.groups.flatMap(({ steps }) => steps).find(({ id }) => id === "analysis")).toMatchObject({
    stage: "bake",
    description: "judge errors every 30.0 s for at most 5m; a person has 1 h 00 m for what it cannot tell",
    effect: false,
  });
  await stage.deployer.close();
  const problemsOf = async (analysis: AnalysisOptions, plugins = 1) => {
    const sources = ["a", "b"].slice(0, plugins).map((name) => functionMetrics({ name, read: silent }));
    const { deployer } = createScene({ plugins: sources, environment: { analysis } });
    const problems = await deployer.validate("development");
    await deployer.close();
    return problems.map(({ place, problem }) => `${place} ${problem}`);
  };
  expect(await problemsOf(errors)).toEqual([]);
  expect(await problemsOf(errors, 0)).toEqual([
    "environments.development.analysis.metrics.errors.source names no source, and no plugin provides metrics.",
  ]);
  expect(await problemsOf(errors, 2)).toEqual([
    "environments.development.analysis.metrics.errors.source names no source, and several plugins provide metrics.",
  ]);
  expect(await problemsOf({ for: "5m", metrics: { errors: { queries } } })).toEqual([
    "environments.development.analysis.metrics.errors is held against the release before, which has no traffic any more once this one serves.",
  ]);
  expect(
    await problemsOf({ for: "5m", metrics: { errors: { queries: "traffic", source: "a", percentile: 0.9, against: { limit: 0.01 } } } }),
  ).toEqual([
    "environments.development.analysis.metrics.errors.queries asks the router, which sends no shares any more once the release serves.",
    'environments.development.analysis.metrics.errors.source stands beside `queries: "traffic"`.',
    "environments.development.analysis.metrics.errors.percentile is about durations, and a router counts requests and errors.",
    "environments.development.analysis.metrics.errors.percentile is not valid: it is the baseline's: leave `against` out.",
  ]);
  expect(await problemsOf({ ...errors, falseAlarm: 0.9 })).toEqual([
    "environments.development.analysis.falseAlarm is not valid: expected a chance above 0 and up to 0.5.",
  ]);
});
