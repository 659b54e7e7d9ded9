import type { CandidateCheck, CandidateSubject, ProviderCheck } from "@fairlead/core";
import { describe, expect, test } from "vitest";
import { createCall, plainCall } from "../test/support/calls.js";
import { createFakeEngine } from "../test/support/fake-engine.js";
import { createFakeSubject } from "../test/support/fake-subject.js";
import { createVirtualClock } from "../test/support/virtual-clock.js";
import { createDockerChecks } from "./docker-checks.js";
import type { DockerEngine } from "./engine/docker-engine.js";
import type { WorkerSettings } from "./options.js";
import { usualSettings } from "./options.js";

function checksOf(
  engine: DockerEngine,
  worker: Partial<WorkerSettings> = {},
): { readonly provider: ProviderCheck; readonly candidate: CandidateCheck } {
  const settings = { socketPath: "/var/run/docker.sock", registries: {}, components: { worker: { ...usualSettings, ...worker } } };
  const checks = createDockerChecks({ name: "docker-eu", engine, clock: createVirtualClock(), settings });
  const provider = checks.find((check) => check.scope === "provider");
  const candidate = checks.find((check) => check.scope === "candidate");
  if (provider === undefined || candidate === undefined) expect.unreachable();
  return { provider, candidate };
}

describe("the engine", () => {
  test("is up with its version", async () => {
    const { provider } = checksOf(createFakeEngine(createVirtualClock()));

    expect(provider.name).toBe("docker-eu-engine");
    expect(await provider.run(plainCall)).toMatchObject({ status: "up", data: { version: "27.0.0", apiVersion: "1.46" } });
  });

  test("is down when it is too old", async () => {
    const engine = createFakeEngine(createVirtualClock());
    engine.about = () => Promise.resolve({ version: "19.03.15", apiVersion: "1.40", platform: "linux/amd64" });

    expect(await checksOf(engine).provider.run(plainCall)).toMatchObject({ status: "down", reason: "engine_too_old" });
  });
});

describe("a worker", () => {
  async function createServed(behaviour = {}) {
    const subject = await createFakeSubject();
    const { candidate, input } = await subject.serve(behaviour);
    const { candidate: check } = checksOf(subject.engine);
    const about = (live: boolean): CandidateSubject => ({ ...subject.component, release: input.release, candidate, live });
    const container = subject.engine.containers.get(candidate.id)!;
    return { ...subject, candidate, container, check, ask: (live: boolean) => check.run(about(live), plainCall) };
  }

  test("that is only prepared is up, and it is said that it does not run yet", async () => {
    const { engine, component, prepare } = await createFakeSubject();
    const { candidate, input } = await prepare();

    const result = await checksOf(engine).candidate.run({ ...component, release: input.release, candidate, live: false }, plainCall);

    expect(result).toMatchObject({ status: "up", reason: "not_started" });
    expect(engine.containers.get(candidate.id)).toMatchObject({ status: "created" });
  });

  test("that was prepared and is gone is down", async () => {
    const { engine, ask } = await createServed();
    engine.containers.clear();

    expect(await ask(false)).toMatchObject({ status: "down", reason: "gone" });
    expect(await ask(true)).toMatchObject({ status: "down", reason: "gone" });
  });

  test("that serves alone and has not been started again is up", async () => {
    expect(await (await createServed()).ask(true)).toMatchObject({ status: "up" });
  });

  test.for([
    ["exited", { status: "exited", exitCode: 3 }],
    ["restarted", { restarts: 1 }],
    ["restarted", { status: "restarting" }],
    ["paused", { status: "paused" }],
    ["not_promoted", { policy: "no" }],
  ] as const)("that serves is down as %s", async ([reason, state]) => {
    const { ask, container } = await createServed();
    Object.assign(container, state);

    expect(await ask(true)).toMatchObject({ status: "down", reason });
  });

  test("beside which another release runs is down: it cannot be told which does the work", async () => {
    const { ask, engine, prepare } = await createServed();
    await engine.start((await prepare()).candidate.id, createCall().signal);

    expect(await ask(true)).toMatchObject({ status: "down", reason: "not_alone" });
  });

  test("is as well as its HEALTHCHECK says", async () => {
    let health: "healthy" | "unhealthy" = "healthy";
    const { ask } = await createServed({ health: () => health });

    expect(await ask(true)).toMatchObject({ status: "up" });
    health = "unhealthy";
    expect(await ask(true)).toMatchObject({ status: "down", reason: "unhealthy", message: expect.stringContaining("said unhealthy") });
  });

  test("is down without its heartbeat", async () => {
    let age = 100;
    const { engine, component, candidate } = await createServed({ heartbeat: () => age, endsAfter: Number.POSITIVE_INFINITY });
    const { candidate: check } = checksOf(engine, { heartbeat: { file: "/tmp/heartbeat", maxAge: 1_000 } });
    const [container] = engine.containers.values();
    const release = { id: container?.specification.labels["fairlead.release"] } as CandidateSubject["release"];
    const ask = () => check.run({ ...component, release, candidate, live: true }, plainCall);

    expect(await ask()).toMatchObject({ status: "up" });
    age = 1_001;
    expect(await ask()).toMatchObject({ status: "down", reason: "heartbeat_stopped" });
  });
});
