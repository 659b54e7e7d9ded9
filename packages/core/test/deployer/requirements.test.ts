import { expect, test } from "vitest";
import { image, memoryStore, type Deployment, type RequirementOptions, type Store } from "../../src/index.js";
import { createTestClock, pass } from "../cli/test-clock.js";
import { createScene, type Scene } from "./scene.js";

const minute = 60_000;

/** A shop that needs something of an API, both in one store. */
function createStage(requirement: Omit<RequirementOptions, "application">) {
  const clock = createTestClock();
  const store: Store = { ...memoryStore({ clock }), close: () => Promise.resolve() };
  const sceneOf = (application: string, requires: readonly RequirementOptions[]): Scene =>
    createScene({ application, clock, store, environment: { verify: { within: "5s" }, bake: "1s", requires } });
  const [api, shop] = [sceneOf("api", []), sceneOf("shop", [{ application: "api", ...requirement }])];
  const deploy = ({ deployer }: Scene, release: string): Promise<Deployment> =>
    deployer.deploy({ environment: "development", source: image(`any@sha256:${release.repeat(64)}`) });
  return {
    clock,
    shop,
    deployShop: () => deploy(shop, "1"),
    /** Answers the id of the release. */
    deployApi: async (release: string): Promise<string> => {
      const deployment = await deploy(api, release);
      expect(await pass(clock, deployment.result())).toMatchObject({ phase: "succeeded" });
      return (await deployment.state()).plan.release.id;
    },
    close: async () => {
      await pass(clock, api.deployer.close());
      await pass(clock, shop.deployer.close());
    },
  };
}

test("a deployment is held, and holds nothing up, until the other application serves something", async () => {
  const { clock, shop, deployShop, deployApi, close } = createStage({});
  const deployment = await deployShop();
  await clock.advance(30 * minute);
  expect(await deployment.state()).toMatchObject({
    phase: "held",
    hold: { reason: "api serves nothing yet in development" },
    claimed: false,
  });
  expect(shop.effects).toEqual([]);
  // The longer it waits, the less often it looks.
  expect((await deployment.state()).version).toBeLessThan(80);
  const release = await deployApi("7");
  expect(await pass(clock, deployment.result())).toMatchObject({ phase: "succeeded" });
  expect((await deployment.state()).steps["requires.api.development"]?.forward).toMatchObject({ output: { met: true, serving: release } });
  await close();
});

test("at least a release is that one, and what was made later", async () => {
  const { deployShop, deployApi, clock, close } = createStage({ atLeast: "rel_00000000000000000000000000" });
  await deployApi("8");
  expect(await pass(clock, (await deployShop()).result())).toMatchObject({ phase: "succeeded" });
  await close();

  const newer = createStage({ atLeast: "rel_zzzzzzzzzzzzzzzzzzzzzzzzzz", orElse: "refuse" });
  await newer.deployApi("8");
  const refused = await newer.deployShop();
  expect(await pass(newer.clock, refused.result())).toMatchObject({ phase: "rejected" });
  expect((await newer.shop.deployer.explain(refused.id)).summary).toMatch(
    /^It was refused before it began: api serves rel_\w+ in development, not rel_z+ or a later one\. Nothing was done\.$/,
  );
  await newer.close();
});

test("exactly a release is no other one; who waits in vain expires; who takes it upon himself lets it begin", async () => {
  const { clock, shop, deployShop, deployApi, close } = createStage({ release: "rel_00000000000000000000000000", within: "2h" });
  await deployApi("7");
  const late = await deployShop();
  await clock.advance(119 * minute);
  expect(await late.state()).toMatchObject({ phase: "held" });
  await clock.advance(2 * minute);
  expect(await late.state()).toMatchObject({ phase: "expired" });
  const { summary, waits } = await shop.deployer.explain(late.id);
  expect(summary).toMatch(/^It was held for too long: api serves rel_\w+ in development, not rel_0+\. Nothing was done\.$/);
  expect(waits.map(({ what }) => what).join("; ")).not.toContain("freeze");

  const urgent = await deployShop();
  await clock.advance(minute);
  await shop.deployer.release({ deploymentId: urgent.id, reason: "api is well" });
  expect(await pass(clock, urgent.result())).toMatchObject({ phase: "succeeded" });
  expect((await urgent.state()).steps["requires.api.development"]?.forward).toMatchObject({ output: { met: false } });
  await close();
});

test("a rollback waits for nothing, what is required is in the plan, and what cannot be meant is a problem", async () => {
  const { clock, shop, deployShop, deployApi, close } = createStage({});
  await deployApi("7");
  await pass(clock, (await deployShop()).result());
  const plan = await shop.deployer.plan({ environment: "development", source: image(`any@sha256:${"2".repeat(64)}`) });
  expect(plan.groups[0]?.steps[0]).toMatchObject({
    id: "requires.api.development",
    description: "require that api serves a release in development",
  });
  await close();
  const requires = [
    { application: "api", release: "1.4" },
    { application: "Api" },
    { application: "api", release: "abcdef0", atLeast: "abcdef0" },
  ];
  const { deployer } = createScene({ environment: { requires } });
  expect((await deployer.validate("development")).map(({ place }) => place.replace("environments.development.", ""))).toEqual([
    "requires.0.release",
    "requires.1.application",
    "requires.2",
  ]);
  await deployer.close();
});
