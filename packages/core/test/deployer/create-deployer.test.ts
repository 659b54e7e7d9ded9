import { expect, test } from "vitest";
import { memoryStore, type Clock } from "../../src/index.js";
import { systemClock } from "../../src/time/clock.js";
import { createScene, targetInMemory } from "./scene.js";

test("a release is prepared, verified, promoted and watched", async () => {
  const { deployer, effects, source } = createScene();
  await using _ = deployer;
  const deployment = await deployer.deploy({ environment: "development", source: await source("one") });
  const types: string[] = [];
  for await (const { type, data } of deployment.events()) types.push("step" in data ? `${type} ${String(data.step)}` : type);
  expect(await deployment.result()).toMatchObject({ phase: "succeeded", outcome: "promoted", error: null });
  expect(effects).toEqual(["prepare c1", "promote c1"]);
  expect(types).toEqual([
    "deployment.created",
    "deployment.claimed",
    "deployment.started",
    "step.started preflight",
    "step.succeeded preflight",
    "step.started web.prepare",
    "step.succeeded web.prepare",
    "step.started web.verify",
    "step.succeeded web.verify",
    "step.started web.promote",
    "step.succeeded web.promote",
    "step.started bake",
    "step.succeeded bake",
    "deployment.succeeded",
  ]);
});

test("deploying the same again changes nothing", async () => {
  const { deployer, effects, source } = createScene();
  await using _ = deployer;
  const same = await source("one");
  await (await deployer.deploy({ environment: "development", source: same })).result();
  const again = await (await deployer.deploy({ environment: "development", source: same })).result();
  expect(again).toMatchObject({ phase: "succeeded", outcome: "unchanged" });
  expect(effects).toEqual(["prepare c1", "promote c1"]);
});

test("a candidate that is not well is never promoted", async () => {
  const { deployer, effects, health, source } = createScene();
  await using _ = deployer;
  await (await deployer.deploy({ environment: "development", source: await source("one") })).result();
  health.candidate = "down";
  const result = await (await deployer.deploy({ environment: "development", source: await source("two") })).result();
  expect(result).toMatchObject({ phase: "rolled_back", failedStep: "web.verify", error: { code: "VERIFICATION_FAILED" } });
  expect(effects).toEqual(["prepare c1", "promote c1", "prepare c2", "discard c2"]);
});

test("a release that fails while it is watched is taken back, the last effect first", async () => {
  const { deployer, effects, health, source } = createScene();
  await using _ = deployer;
  await (await deployer.deploy({ environment: "development", source: await source("one") })).result();
  health.live = "down";
  const result = await (await deployer.deploy({ environment: "development", source: await source("two") })).result();
  expect(result).toMatchObject({ phase: "rolled_back", failedStep: "bake", error: { code: "BAKE_FAILED" } });
  expect(effects).toEqual(["prepare c1", "promote c1", "prepare c2", "promote c2", "promote c1", "discard c2"]);
  expect((await deployer.status("development")).components).toMatchObject([{ drifted: false, serving: { candidate: "c1" } }]);
});

test.for([
  [1, "succeeded"],
  [3, "rolled_back"],
] as const)(
  "a question that is answered too late %i times in a row, longer than the release is watched: it has %s",
  async ([times, phase]) => {
    let ahead = 0;
    const clock: Clock = { now: () => systemClock.now() + ahead, sleep: (...rest) => systemClock.sleep(...rest) };
    const { deployer, health, source } = createScene({ clock });
    await using _ = deployer;
    await (await deployer.deploy({ environment: "development", source: await source("one") })).result();
    let asked = 0;
    Object.defineProperty(health, "live", {
      get() {
        asked += 1;
        if (asked > times) return "up";
        ahead += 5_000;
        return "down";
      },
    });
    expect(await (await deployer.deploy({ environment: "development", source: await source("two") })).result()).toMatchObject({ phase });
  },
);

test("a release that cannot be taken back is removed once a retry has taken it back", async () => {
  const broken = { promote: false };
  const { deployer, effects, health, source } = createScene({
    target: (made) => {
      const target = targetInMemory(made);
      const promote: typeof target.promote = (input, call) =>
        broken.promote && input.candidate.id === "c1"
          ? Promise.reject(new Error("the provider is out of order"))
          : target.promote(input, call);
      return { ...target, promote };
    },
  });
  await using _ = deployer;
  await (await deployer.deploy({ environment: "development", source: await source("one") })).result();
  Object.assign(health, { live: "down" });
  broken.promote = true;
  const deployment = await deployer.deploy({ environment: "development", source: await source("two") });
  const { phase, attention } = await deployment.result();
  expect(phase).toBe("needs_attention");
  expect(attention?.errors.map(({ step }) => step)).toEqual(["web.promote"]);
  expect(attention?.serving).toMatchObject([{ candidate: "c2" }]);

  broken.promote = false;
  const again = await deployer.retry({ deploymentId: deployment.id });
  expect(await again.result()).toMatchObject({ phase: "rolled_back" });
  expect(effects).toEqual(["prepare c1", "promote c1", "prepare c2", "promote c2", "promote c1", "discard c2"]);
});

test("a rollback goes to the release before and is a deployment of its own", async () => {
  const { deployer, effects, source } = createScene();
  await using _ = deployer;
  await (await deployer.deploy({ environment: "development", source: await source("one") })).result();
  await (await deployer.deploy({ environment: "development", source: await source("two") })).result();
  const result = await (await deployer.rollback({ environment: "development", reason: "errors" })).result();
  expect(result).toMatchObject({ phase: "succeeded", outcome: "rolled-back" });
  expect(effects.slice(4)).toEqual(["promote c1"]);
  const { items } = await deployer.history();
  expect(items.map(({ kind, phase }) => `${kind} ${phase}`)).toEqual(["rollback succeeded", "deploy succeeded", "deploy succeeded"]);
});

test("what serves already is adopted as the first release", async () => {
  const { deployer, store, effects, source } = createScene();
  await using _ = deployer;
  await (await deployer.deploy({ environment: "development", source: await source("one") })).result();
  expect(await deployer.adopt({ environment: "development" }).catch((error: unknown) => error)).toMatchObject({ code: "ALREADY_ADOPTED" });
  expect(await store.claimOf("shop/development")).toBeUndefined();
  expect(effects).toEqual(["prepare c1", "promote c1"]);
});

test("a plan of what serves already has nothing to do", async () => {
  const { deployer, source } = createScene();
  await using _ = deployer;
  const same = await source("one");
  expect((await deployer.plan({ environment: "development", source: same })).groups).not.toEqual([]);
  await (await deployer.deploy({ environment: "development", source: same })).result();
  expect((await deployer.plan({ environment: "development", source: same })).groups).toEqual([]);
});

test("the same key gives one deployment, also where the second is planned while the first comes to its end", async () => {
  const store = { ...memoryStore(), close: () => Promise.resolve() };
  const planning = Promise.withResolvers<undefined>();
  const ended = Promise.withResolvers<undefined>();
  const fast = createScene({ store });
  const slow = createScene({
    store,
    target: (effects) => {
      const target = targetInMemory(effects);
      const current: typeof target.current = async (...parameters) => {
        planning.resolve(undefined);
        await ended.promise;
        return target.current(...parameters);
      };
      return { ...target, current };
    },
  });
  const source = await fast.source("one");
  fast.health.candidate = "down";
  const second = slow.deployer.deploy({ environment: "development", source, key: "build-1" });
  await planning.promise;
  const first = await fast.deployer.deploy({ environment: "development", source, key: "build-1" });
  expect((await first.result()).phase).toBe("rolled_back");
  ended.resolve(undefined);
  expect(await second).toMatchObject({ id: first.id, joined: true });
  expect((await fast.deployer.history()).items).toHaveLength(1);
  expect(slow.effects).toEqual([]);
  await fast.deployer.close();
  await slow.deployer.close();
});

test("the same key gives one deployment also where there is nothing to do", async () => {
  const store = { ...memoryStore(), close: () => Promise.resolve() };
  const { deployer, source } = createScene({ store });
  const input = { environment: "development", source: await source("one"), key: "build-2" } as const;
  await (await deployer.deploy({ environment: input.environment, source: input.source })).result();
  const [one, two] = await Promise.all([deployer.deploy(input), deployer.deploy(input)]);
  expect(two.id).toBe(one.id);
  expect((await deployer.history()).items.map(({ outcome }) => outcome)).toEqual(["unchanged", "promoted"]);
  await deployer.close();
});
