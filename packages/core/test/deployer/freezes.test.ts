import { expect, test } from "vitest";
import { image, memoryStore, type Deployment, type EnvironmentOptions, type Store } from "../../src/index.js";
import { createTestClock, pass, type TestClock } from "../cli/test-clock.js";
import { createScene, type Scene, type SceneOptions } from "./scene.js";

interface Stage extends Scene {
  readonly clock: TestClock;
  deploy(release: string): Promise<Deployment>;
}

/** The clock begins on a Saturday, at 11:00 in Berlin. */
function createStage(environment: SceneOptions["environment"]): Stage {
  const clock = createTestClock();
  const store: Store = { ...memoryStore({ clock }), close: () => Promise.resolve() };
  const scene = createScene({ clock, store, environment: { verify: { within: "5s" }, bake: "1s", ...environment } });
  return {
    ...scene,
    clock,
    deploy: (release) => scene.deployer.deploy({ environment: "development", source: image(`shop@sha256:${release.repeat(64)}`) }),
  };
}

const minute = 60_000;
const weekend: EnvironmentOptions["freezes"] = [{ every: "week", days: ["sat", "sun"], zone: "Europe/Berlin", reason: "the weekend" }];

test("a freeze that recurs holds what is deployed meanwhile, until all that follows without a gap is over", async () => {
  const { deployer, deploy, clock } = createStage({ freezes: weekend });
  const deployment = await deploy("1");
  expect(await deployment.state()).toMatchObject({
    phase: "held",
    hold: { reason: "the weekend", until: Date.parse("2026-11-23T00:00:00+01:00") },
  });
  await clock.advance(Date.parse("2026-11-22T23:59:00+01:00") - clock.now());
  expect(await deployment.state()).toMatchObject({ phase: "held" });
  await clock.advance(2 * minute);
  expect(await pass(clock, deployment.result())).toMatchObject({ phase: "succeeded" });
  await deployer.close();
}, 180_000);

/** On Saturdays from 11:05 to 12:00. */
const soon: EnvironmentOptions["freezes"] = [
  { every: "week", days: ["sat"], from: "11:05", to: "12:00", zone: "Europe/Berlin", reason: "lunch" },
];

test("what has begun is kept from its traffic where the environment says so, and goes on when the freeze is over", async () => {
  const { deployer, deploy, clock, health, effects } = createStage({ freezes: soon, freezeHolds: "promote", verify: { within: "20m" } });
  health.candidate = "down";
  const deployment = await deploy("1");
  await clock.advance(6 * minute);
  health.candidate = "up";
  await clock.advance(minute);
  expect(await deployment.state()).toMatchObject({
    phase: "running",
    steps: { freeze: { forward: { status: "deferred", waitingFor: "freeze", reason: "lunch" } } },
  });
  await clock.advance(52 * minute);
  expect(effects).toEqual(["prepare c1"]);
  await clock.advance(2 * minute);
  expect(await pass(clock, deployment.result())).toMatchObject({ phase: "succeeded" });
  await pass(clock, deployer.close());
});

test("by default what has begun goes on", async () => {
  const { deployer, deploy, clock, health } = createStage({ freezes: soon, verify: { within: "20m" } });
  health.candidate = "down";
  const deployment = await deploy("1");
  await clock.advance(6 * minute);
  health.candidate = "up";
  await clock.advance(minute);
  expect(await pass(clock, deployment.result())).toMatchObject({ phase: "succeeded" });
  await pass(clock, deployer.close());
});

test("what is said about an environment while a deployment runs is still there when it has ended", async () => {
  const { deployer, deploy, clock, health } = createStage({});
  health.candidate = "down";
  const running = await deploy("1");
  await deployer.freeze({ environment: "development", reason: "the fair" });
  health.candidate = "up";
  expect(await pass(clock, running.result())).toMatchObject({ phase: "succeeded" });
  expect(await deployer.status("development")).toMatchObject({
    release: { deploymentId: running.id },
    freeze: { reason: expect.stringContaining("the fair") },
  });
  await pass(clock, deployer.close());
});

test("stopping the line holds what has not got its traffic; a rollback and what people want to go on anyhow go on", async () => {
  const { deployer, deploy, clock, health } = createStage({ freezeHolds: "promote" });
  for (const release of ["1", "2"]) await pass(clock, (await deploy(release)).result());
  health.candidate = "down";
  const held = await deploy("3");
  await deployer.freeze({ environment: "development", reason: "the fair" });
  health.candidate = "up";
  await clock.advance(minute);
  expect(await held.state()).toMatchObject({ steps: { freeze: { forward: { waitingFor: "freeze" } } } });
  const ended = clock.now();
  await deployer.unfreeze({ environment: "development" });
  expect(await pass(clock, held.result())).toMatchObject({ phase: "succeeded" });
  expect(clock.now() - ended).toBeLessThan(5_000);

  health.candidate = "down";
  const urgent = await deploy("4");
  await deployer.freeze({ environment: "development", reason: "the fair" });
  health.candidate = "up";
  await clock.advance(minute);
  await deployer.advance({ deploymentId: urgent.id, reason: "mends the till" });
  expect(await pass(clock, urgent.result())).toMatchObject({ phase: "succeeded" });
  expect(await pass(clock, (await deployer.rollback({ environment: "development" })).result())).toMatchObject({ phase: "succeeded" });
  await pass(clock, deployer.close());
});

test("what is no time is a problem of the configuration", async () => {
  const freezes = [
    { every: "week", days: ["fri"], from: "4 pm", zone: "Europe/Berlin", reason: "x" },
    { every: "week", days: ["friday"], zone: "Berlin", reason: "x" },
    { every: "day", days: ["fri"], zone: "UTC", reason: "x" },
    { from: "2026-12-23", to: "2026-12-24T00:00:00Z", reason: "x" },
  ];
  // What no compiler has seen.
  const { deployer } = createScene({ environment: { freezes: freezes as unknown as NonNullable<EnvironmentOptions["freezes"]> } });
  expect((await deployer.validate("development")).map(({ place }) => place.replace("environments.development.", ""))).toEqual([
    "freezes.0.from",
    "freezes.1.days.0",
    "freezes.1.zone",
    "freezes.2",
    "freezes.3.from",
  ]);
  await deployer.close();
});
