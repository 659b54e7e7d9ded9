import { afterEach, describe, expect, test, vi } from "vitest";
import { directory, image } from "../../src/index.js";
import { createTeam } from "./team.js";

const ada = { name: "ada", via: "api" } as const;
const about = { kind: "deploy", environment: "development", actor: ada } as const;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

describe("a request", () => {
  test("is recorded without secrets, and becomes a deployment of its id in a worker", async () => {
    const { watching, createWorker, effects, asked, setups } = createTeam();
    await using _ = watching;
    const request = await watching.request({ ...about, commit: "c0ffee", branch: "main", reason: "a fix" });
    expect(request).toMatchObject({ environment: "development", joined: false, worker: null });
    expect(await watching.requested(request.id)).toMatchObject({ kind: "deploy", actor: "ada", deploymentId: null, error: null });
    expect(await watching.pendingRequests()).toMatchObject([{ id: request.id }]);
    expect([effects, asked, setups()]).toEqual([[], [], 0]);

    await using worker = createWorker();
    await worker.work({ untilIdle: true });
    const state = await (await watching.deployment(request.id)).state();
    expect(state).toMatchObject({
      phase: "succeeded",
      actor: ada,
      reason: "a fix",
      plan: { release: { provenance: { commit: "c0ffee" } } },
    });
    expect(await watching.requested(request.id)).toMatchObject({ deploymentId: request.id, error: null });
    expect(await watching.pendingRequests()).toEqual([]);
    expect(effects).toEqual(["prepare c1", "promote c1"]);
  });

  test("with the same key is the same one, and with another wish is refused", async () => {
    const { watching, createWorker } = createTeam();
    await using _ = watching;
    const wish = { ...about, source: image("shop:2"), key: "build-7" };
    const [first, second] = await Promise.all([watching.request(wish), watching.request({ ...wish, reason: "again" })]);
    expect(second.id).toBe(first.id);
    expect([first.joined, second.joined].filter(Boolean)).toHaveLength(1);
    await expect(watching.request({ ...wish, source: image("shop:3") })).rejects.toMatchObject({ code: "REQUEST_KEY_REUSED" });
    await using worker = createWorker();
    await worker.work({ untilIdle: true });
    expect(await watching.request(wish)).toMatchObject({ id: first.id, joined: true });
    expect((await watching.history()).items).toHaveLength(1);
  });

  test("to roll back puts the release before back", async () => {
    const { watching, createWorker, effects } = createTeam();
    await using _ = watching;
    await using worker = createWorker();
    const first = await watching.request({ ...about, source: image("shop:1") });
    await worker.work({ untilIdle: true });
    await watching.request({ ...about, source: image("shop:2") });
    await worker.work({ untilIdle: true });
    const { release } = (await (await watching.deployment(first.id)).state()).plan;
    const back = await watching.request({ kind: "rollback", environment: "development", to: release.id, actor: ada });
    await worker.work({ untilIdle: true });
    expect(await (await watching.deployment(back.id)).state()).toMatchObject({ kind: "rollback", phase: "succeeded" });
    expect(effects.at(-1)).toBe("promote c1");
  });

  test("that cannot be carried out says why", async () => {
    const { watching, createWorker } = createTeam();
    await using _ = watching;
    const nowhere = await watching.request({ kind: "rollback", environment: "development", actor: ada });
    await using worker = createWorker();
    await worker.work({ untilIdle: true });
    expect(await watching.requested(nowhere.id)).toMatchObject({ deploymentId: null, error: { code: expect.stringMatching(/^R/) } });
    await expect(watching.deployment(nowhere.id)).rejects.toMatchObject({ code: "DEPLOYMENT_UNKNOWN" });
  });

  test("that several workers see is carried out once", async () => {
    const { watching, createWorker, effects } = createTeam();
    await using _ = watching;
    const workers = Array.from({ length: 4 }, createWorker);
    for (let round = 1; round <= 5; round += 1) {
      await watching.request({ ...about, source: image(`shop:${String(round)}`) });
      await Promise.all(workers.map((worker) => worker.work({ untilIdle: true })));
    }
    await Promise.all(workers.map((worker) => worker.work({ untilIdle: true })));
    expect(effects.filter((effect) => effect.startsWith("promote"))).toEqual([
      "promote c1",
      "promote c2",
      "promote c3",
      "promote c4",
      "promote c5",
    ]);
    expect(await watching.pendingRequests()).toEqual([]);
    for (const worker of workers) await worker.close();
  });

  test("for a folder, or an unknown environment, is refused at once", async () => {
    const { watching } = createTeam();
    await using _ = watching;
    await expect(watching.request({ ...about, source: directory("dist") })).rejects.toMatchObject({ code: "REQUEST_NEEDS_IMAGE" });
    await expect(watching.request({ ...about, environment: "moon" })).rejects.toMatchObject({ code: "ENVIRONMENT_UNKNOWN" });
  });
});

test("who asks is told which worker is there", async () => {
  const { watching, createWorker } = createTeam();
  await using _ = watching;
  const worker = createWorker();
  const leaving = new AbortController();
  const working = worker.work({ signal: leaving.signal });
  cleanups.push(() => worker.close());
  const request = await vi.waitFor(async () => {
    const recorded = await watching.request({ ...about, key: "one" });
    expect(recorded.worker).toContain("worker on ");
    return recorded;
  }, 60_000);
  await vi.waitFor(async () => expect((await watching.requested(request.id))?.deploymentId).toBe(request.id), { timeout: 90_000 });
  leaving.abort();
  await working;
  expect((await watching.request({ ...about, key: "two" })).worker).toBeNull();
});

test("who only watches records a word and drives nothing", async () => {
  const { watching, createWorker, asked } = createTeam({ approvals: { required: 1 } });
  await using _ = watching;
  await using worker = createWorker();
  const { id } = await watching.request({ ...about, actor: { name: "bob", via: "api" } });
  await worker.work({ untilIdle: true });
  expect(await (await watching.deployment(id)).state()).toMatchObject({ phase: "awaiting_approval" });
  await watching.approve({ deploymentId: id, actor: ada, recordOnly: true });
  expect(asked).toEqual([]);
  await worker.work({ untilIdle: true });
  expect(await (await watching.deployment(id)).state()).toMatchObject({ phase: "succeeded" });
});
