import { expect, test } from "vitest";
import { coreErrors, fail, image, memoryStore, type DeployTarget, type Store } from "../../src/index.js";
import { currentProcess } from "../../src/engine/process-identity.js";
import { createTestClock, pass, type TestClock } from "../cli/test-clock.js";
import { createScene, targetInMemory } from "./scene.js";

const release = { environment: "development", source: image("shop:1"), key: "job-7" } as const;

const stuck = (effects: string[]): DeployTarget => ({ ...targetInMemory(effects), prepare: () => new Promise(() => undefined) });

/** A deployment whose process was killed in the middle of it, on a machine of which nothing is known here. */
async function abandonedElsewhere(clock: TestClock, target = stuck): Promise<{ readonly store: Store; readonly id: string }> {
  const store = memoryStore({ clock });
  const process = { isDead: false };
  const elsewhere = createScene({ clock, store: asOf("another-machine", store, process), target });
  const { id } = await elsewhere.deployer.deploy(release);
  await clock.advance(1_000);
  process.isDead = true;
  return { store, id };
}

/** The store as a process on another machine uses it, for as long as that lives. */
function asOf(host: string, store: Store, process = { isDead: false }): Store {
  const holder = { ...currentProcess(host), host, boot: `boot of ${host}` };
  const whileAlive = <Result>(use: () => Promise<Result>): Promise<Result> => (process.isDead ? new Promise(() => undefined) : use());
  return {
    ...store,
    commit: (commit) => whileAlive(() => store.commit(commit)),
    leases: {
      ...store.leases,
      acquire: (request) => whileAlive(() => store.leases.acquire({ ...request, holder })),
      renew: (lease, ttl) => whileAlive(() => store.leases.renew(lease, ttl)),
    },
    close: () => Promise.resolve(),
  };
}

test("a job that is run again goes on once the lease of its process has ended", async () => {
  const clock = createTestClock();
  const { store, id } = await abandonedElsewhere(clock);
  const { deployer } = createScene({ clock, store });
  const again = await deployer.deploy(release);
  expect([again.id, again.joined]).toEqual([id, true]);
  const begun = clock.now();
  expect(await pass(clock, again.result())).toMatchObject({ phase: "succeeded" });
  const starts = (await store.read(`deployment/shop/${id}`)).filter(({ type }) => type === "deployment.started");
  expect(starts).toHaveLength(2);
  // The lease lasts 15 s. What its process may still have been doing is waited for besides.
  expect(Date.parse(starts[1]?.at ?? "") - begun).toBeLessThanOrEqual(16_000);
  await pass(clock, deployer.close());
});

test("of a deployment whose process is gone nobody is said to drive it", async () => {
  const clock = createTestClock();
  const { store, id } = await abandonedElsewhere(clock);
  const { deployer } = createScene({ clock, store });
  expect((await deployer.status("development")).running).toMatchObject({ deploymentId: id, holder: expect.any(String) as string });
  await clock.advance(15_000);
  expect((await deployer.status("development")).running).toMatchObject({ deploymentId: id, phase: "running", holder: null });
  await pass(clock, deployer.close());
});

const other = { environment: "development", source: image("shop:2") } as const;

test("while its lease lasts, nothing is taken from a process of which nothing is known", async () => {
  const clock = createTestClock();
  const { store } = await abandonedElsewhere(clock);
  const { deployer } = createScene({ clock, store });
  await expect(deployer.deploy(other)).rejects.toMatchObject({ code: "ENVIRONMENT_BUSY", data: { holder: expect.any(String) as string } });
  await pass(clock, deployer.close());
});

test("after everything was killed the next deployment goes ahead without a word: what was left behind is finished first", async () => {
  const clock = createTestClock();
  const { store, id } = await abandonedElsewhere(clock);
  await clock.advance(15_000);
  const { deployer, effects } = createScene({ clock, store });
  const next = await pass(clock, deployer.deploy(other));
  expect(next.id).not.toBe(id);
  expect(await pass(clock, next.result())).toMatchObject({ phase: "succeeded" });
  await expect((await deployer.deployment(id)).state()).resolves.toMatchObject({ phase: "succeeded" });
  expect(effects).toEqual(["prepare c1", "promote c1", "prepare c2", "promote c2"]);
  await pass(clock, deployer.close());
});

test("the same in a queue: what was left behind is finished first, and what was asked for has its turn then", async () => {
  const clock = createTestClock();
  const { store, id } = await abandonedElsewhere(clock);
  await clock.advance(15_000);
  const { deployer, effects } = createScene({ clock, store, environment: { queue: "queue" } });
  const next = await deployer.deploy(other);
  expect(await pass(clock, next.result())).toMatchObject({ phase: "succeeded" });
  await expect((await deployer.deployment(id)).state()).resolves.toMatchObject({ phase: "succeeded" });
  expect(effects).toEqual(["prepare c1", "promote c1", "prepare c2", "promote c2"]);
  await pass(clock, deployer.close());
});

test("what was left behind and needs attention keeps the next deployment out, which is told what can be done", async () => {
  const clock = createTestClock();
  const { store, id } = await abandonedElsewhere(clock, (effects) => ({
    ...targetInMemory(effects),
    promote: () => new Promise(() => undefined),
  }));
  await clock.advance(15_000);
  // Of a first release there is nothing to go back to.
  const broken = (effects: string[]): DeployTarget => ({
    ...targetInMemory(effects),
    promote: () => Promise.reject(fail(coreErrors, "STEP_INDETERMINATE", { step: "web.promote", reason: "it does not say" })),
  });
  const { deployer } = createScene({ clock, store, target: broken });
  await expect(pass(clock, deployer.deploy(other))).rejects.toMatchObject({
    code: "ENVIRONMENT_NEEDS_ATTENTION",
    data: { deploymentId: id },
    hint: expect.stringMatching(/`retry dep_\w+`.*`abandon dep_\w+/) as string,
  });
  await pass(clock, deployer.close());
});

test("what is asked to stop is taken back once the lease of its process has ended", async () => {
  const clock = createTestClock();
  const { store, id } = await abandonedElsewhere(clock);
  const { deployer } = createScene({ clock, store });
  const stopped = await deployer.abort({ deploymentId: id });
  expect(await pass(clock, stopped.result())).toMatchObject({ phase: "rolled_back" });
  await pass(clock, deployer.close());
});

test("what a process is alive for is not taken from it", async () => {
  const clock = createTestClock();
  const store: Store = { ...memoryStore({ clock }), close: () => Promise.resolve() };
  const prepared = Promise.withResolvers<undefined>();
  const slow = (effects: string[]): DeployTarget => {
    const target = targetInMemory(effects);
    return { ...target, prepare: (input, call) => prepared.promise.then(() => target.prepare(input, call)) };
  };
  const driving = createScene({ clock, store: asOf("another-machine", store), target: slow });
  const first = await driving.deployer.deploy(release);
  const joining = createScene({ clock, store });
  const second = await joining.deployer.deploy(release);
  await pass(clock, clock.sleep(60_000));
  prepared.resolve(undefined);
  expect(await pass(clock, second.result())).toMatchObject({ deploymentId: first.id, phase: "succeeded" });
  expect([driving.effects, joining.effects]).toEqual([["prepare c1", "promote c1"], []]);
  await pass(clock, driving.deployer.close());
  await pass(clock, joining.deployer.close());
});
