import { describe, expect, test } from "vitest";
import { createFakeEngine, type Behaviour } from "../test/support/fake-engine.js";
import { createVirtualClock } from "../test/support/virtual-clock.js";
import { watchStart } from "./gate.js";

const { signal } = new AbortController();
const heartbeat = { file: "/tmp/heartbeat", maxAge: 1_000 };

async function createStarted(behaviour: Behaviour, { ahead = 0 } = {}) {
  const clock = createVirtualClock();
  const engine = createFakeEngine(clock, { ahead });
  engine.images.set("worker:1", { id: "sha256:1", behaviour });
  await engine.create("worker", { imageId: "sha256:1", environment: {}, labels: {}, stopSeconds: 1 }, signal);
  const [{ id } = { id: "" }] = engine.containers.values();
  await engine.start(id, signal);
  const watch = async (settings: Partial<Parameters<typeof watchStart>[0]["settings"]> = {}, until = signal) => {
    const started = (await engine.container(id, signal))!;
    const begun = clock.now();
    const verdict = await watchStart(
      { engine, clock, settings: { startTimeout: 5_000, minHealthyTime: 10_000, heartbeat: undefined, ...settings } },
      started,
      until,
    );
    return { ...verdict, took: clock.now() - begun };
  };
  return { engine, clock, id, watch };
}

describe("a container that cannot be asked", () => {
  test("passes when it has run for the time", async () => {
    const { watch } = await createStarted({ endsAfter: 10_500 });

    expect(await watch()).toEqual({ passed: true, took: 10_000 });
  });

  test("fails as soon as it ends, however close to the time", async () => {
    const { watch } = await createStarted({ endsAfter: 9_950, exitCode: 3 });

    expect(await watch()).toMatchObject({ passed: false, reason: "exited", container: { exitCode: 3 }, took: 10_000 });
  });

  test("is given credit for the time that it has run before", async () => {
    const { watch, clock } = await createStarted({});
    await clock.sleep(7_000);

    expect(await watch()).toEqual({ passed: true, took: 3_000 });
  });

  test("is timed by the engine's clock, also where that one is ahead", async () => {
    const { watch, clock } = await createStarted({}, { ahead: 3_600_000 });
    await clock.sleep(7_000);

    expect(await watch()).toEqual({ passed: true, took: 3_000 });
  });

  test("fails when the engine has started it again", async () => {
    const { watch, engine, id } = await createStarted({ endsAfter: 2_000 });
    await engine.setRestartPolicy(id, "unless-stopped", signal);

    expect(await watch()).toMatchObject({ passed: false, reason: "restarted", took: 2_000 });
  });

  test("fails when it is another run of it, though it runs", async () => {
    const { engine, clock, id, watch } = await createStarted({});
    const counted = { ...engine, container: engine.container.bind(engine) };
    let looks = 0;
    engine.container = async (name, inner) => {
      looks += 1;
      if (looks === 5) Object.assign(engine.containers.get(id)!, { startedAt: clock.now() });
      return counted.container(name, inner);
    };

    expect(await watch()).toMatchObject({ passed: false, reason: "restarted" });
  });

  test.for(["paused", "gone"] as const)("fails when it is %s", async (state) => {
    const { watch, engine, id } = await createStarted({});
    const inspect = engine.container.bind(engine);
    let looks = 0;
    engine.container = async (name, inner) => {
      looks += 1;
      if (looks === 3 && state === "gone") engine.containers.delete(id);
      if (looks === 3 && state === "paused") Object.assign(engine.containers.get(id)!, { status: "paused" });
      return inspect(name, inner);
    };

    expect(await watch()).toMatchObject({ passed: false, reason: state });
  });
});

describe("a container with a HEALTHCHECK", () => {
  test("has to be healthy for the whole time", async () => {
    const { watch } = await createStarted({ health: (age) => (age < 3_000 ? "starting" : "healthy") });

    expect(await watch()).toEqual({ passed: true, took: 13_000 });
  });

  test("fails as soon as it is unhealthy", async () => {
    const { watch } = await createStarted({ health: (age) => (age < 3_000 ? "healthy" : "unhealthy") });

    expect(await watch()).toMatchObject({ passed: false, reason: "unhealthy", took: 3_000 });
  });

  test("fails when it was never healthy in time", async () => {
    const { watch } = await createStarted({ health: () => "starting" });

    expect(await watch({ startTimeout: 4_000 })).toMatchObject({ passed: false, reason: "not_healthy_in_time", took: 4_000 });
  });
});

describe("a container with a heartbeat", () => {
  test("passes while it beats", async () => {
    const { watch } = await createStarted({ heartbeat: (age) => (age < 2_000 ? undefined : age % 900) });

    expect(await watch({ heartbeat })).toEqual({ passed: true, took: 12_000 });
  });

  test("fails when it stops beating", async () => {
    const { watch } = await createStarted({ heartbeat: (age) => Math.max(0, age - 4_000) });

    expect(await watch({ heartbeat })).toMatchObject({ passed: false, reason: "heartbeat_stopped", took: 5_100 });
  });

  test("is not taken in by a beat of the run before", async () => {
    const { watch, engine, clock, id } = await createStarted({ heartbeat: (age) => age + 1_500 });
    await clock.sleep(1_000);
    await engine.stop(id, 1, signal);
    await clock.sleep(1_000);
    await engine.start(id, signal);

    expect(await watch({ heartbeat: { ...heartbeat, maxAge: 60_000 } })).toMatchObject({ passed: false, reason: "not_healthy_in_time" });
  });

  test("may beat before the engine has noted its start", async () => {
    const { watch } = await createStarted({ heartbeat: (age) => age + 20 });

    expect(await watch({ heartbeat: { ...heartbeat, maxAge: 60_000 } })).toMatchObject({ passed: true });
  });
});

test("nothing is asked any more when the caller no longer wants the answer", async () => {
  const { watch, engine } = await createStarted({});
  const stop = new AbortController();
  const reason = new Error("no longer wanted");
  const inspect = engine.container.bind(engine);
  let looks = 0;
  engine.container = (name, inner) => {
    looks += 1;
    if (looks === 4) stop.abort(reason);
    return inspect(name, inner);
  };

  await expect(watch({}, stop.signal)).rejects.toBe(reason);
  expect(looks).toBe(4);
});
