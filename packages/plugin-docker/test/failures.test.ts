import type { Candidate, ComponentReference, DeployTarget } from "@fairlead/core";
import { docker, requireService } from "@fairlead/test-support";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import type { DockerWorkerOptions } from "../src/index.js";
import { createCall, plainCall } from "./support/calls.js";
import { toPrepareInput } from "./support/inputs.js";
import {
  cleanUp,
  createSubject,
  dockerCli,
  goodWorker,
  imageOf,
  inspect,
  patientOptions,
  running,
  sayReady,
} from "./support/real-engine.js";

beforeEach((context) => {
  requireService(context, docker);
});
afterAll(cleanUp);

const ticking = "setInterval(() => {}, 1000);";

describe("a worker that does not pass its gate", () => {
  const cases: readonly {
    readonly name: string;
    readonly script: string;
    readonly worker?: DockerWorkerOptions;
    readonly image?: Parameters<typeof imageOf>[1];
    readonly report: Readonly<Record<string, unknown>>;
    readonly says: RegExp;
  }[] = [
    {
      name: "crashes at its start",
      script: `console.error("reading"); console.error("no queue"); process.exit(3);`,
      report: { reason: "exited", exitCode: 3, outOfMemory: false, engineError: "", logs: ["reading", "no queue"] },
      says: /ended with exit code 3/,
    },
    {
      name: "crashes after a second",
      script: `console.log("started"); setTimeout(() => { throw new TypeError("job is undefined"); }, 1000); ${ticking}`,
      report: {
        reason: "exited",
        exitCode: 1,
        logs: expect.arrayContaining(["started", expect.stringContaining("TypeError: job is undefined")]),
      },
      says: /ended with exit code 1 after \d\.\d s/,
    },
    {
      name: "is asked to run a program that is not there",
      script: ticking,
      worker: { command: ["/bin/nothing"] },
      report: { reason: "start_refused", exitCode: 127, engineError: expect.stringContaining("/bin/nothing"), logs: [] },
      says: /could not start it: .*\/bin\/nothing/,
    },
    {
      name: "uses more memory than it may",
      script: `const kept = []; setInterval(() => kept.push(Buffer.alloc(20_000_000, 1)), 5);`,
      worker: { memory: "64m" },
      // An engine does not hear of every one that the kernel kills for its memory; the report names both causes then.
      report: { reason: "exited", exitCode: 137, outOfMemory: expect.any(Boolean) },
      says: /ran out of memory/,
    },
    {
      name: "is said to be unhealthy by its image's HEALTHCHECK",
      script: ticking,
      image: { healthcheck: { script: `console.log("queue unreachable"); process.exit(1)`, interval: "100ms", retries: 2 } },
      report: { reason: "unhealthy", exitCode: null, health: expect.arrayContaining(["exit code 1: queue unreachable"]) },
      says: /HEALTHCHECK says unhealthy .*queue unreachable/,
    },
    {
      name: "never writes its heartbeat",
      script: `console.log("idle"); ${ticking}`,
      worker: { startTimeout: "500ms", heartbeat: { file: "/tmp/heartbeat", maxAge: "1s" } },
      report: { reason: "not_healthy_in_time", exitCode: null, logs: ["idle"] },
      says: /not healthy within 500 ms .*\/tmp\/heartbeat/,
    },
    {
      name: "stops writing its heartbeat",
      script: `
        import { writeFileSync } from "node:fs";
        const beat = setInterval(() => writeFileSync("/tmp/heartbeat", ""), 50);
        setTimeout(() => clearInterval(beat), 1000);
        ${ticking}
      `,
      worker: { heartbeat: { file: "/tmp/heartbeat", maxAge: "700ms" } },
      report: { reason: "heartbeat_stopped", exitCode: null },
      says: /stopped being healthy/,
    },
  ];

  test.for(cases)("because it $name is stopped and reported, and the old one goes on", async ({ script, worker, image, report, says }) => {
    const { plain, target, component } = await createPair(worker);
    const old = await promoteGood(plain, component);
    const before = await inspect(old.id);
    const reference = await imageOf(script, image);
    const candidate = await target.prepare(toPrepareInput(component, reference), createCall());

    const promoted = target.promote({ ...component, candidate, previous: old }, createCall());

    await expect(promoted).rejects.toMatchObject({
      code: "DOCKER_GATE_FAILED",
      retryable: false,
      message: expect.stringMatching(says),
      data: { component: "worker", container: candidate.id, image: reference, stopped: true, ...report },
    });
    expect((await inspect(candidate.id)).State.Status).not.toBe("running");
    expect((await inspect(old.id)).State).toEqual(before.State);
    expect(await target.current(component, plainCall)).toMatchObject({ candidate: old, settled: true });
    expect(await target.retained(component, plainCall)).toEqual([]);
  });

  test("leaves with stop-first the old one running again", async () => {
    const { plain, target, component } = await createPair({ overlap: "stop-first" });
    const old = await promoteGood(plain, component);
    const candidate = await target.prepare(toPrepareInput(component, await imageOf("process.exit(3)")), createCall());

    const promoted = target.promote({ ...component, candidate, previous: old }, createCall());

    await expect(promoted).rejects.toMatchObject({ code: "DOCKER_GATE_FAILED", data: { stopped: true } });
    expect(await target.current(component, plainCall)).toMatchObject({ candidate: old, settled: true });
    expect(await running(component)).toHaveLength(1);
  });

  test("is also refused when it is an older one that a rollback starts again", async () => {
    const { plain, target, component } = await createPair();
    const flag = `import { existsSync, writeFileSync } from "node:fs"; if (existsSync("/tmp/ran")) process.exit(7); writeFileSync("/tmp/ran", "");`;
    const older = await target.prepare(toPrepareInput(component, await imageOf(`${flag} ${goodWorker}`)), createCall());
    await plain.promote({ ...component, candidate: older }, createCall());
    const newer = await promoteGood(plain, component, older);

    const back = target.promote({ ...component, candidate: older, previous: newer }, createCall());

    await expect(back).rejects.toMatchObject({
      code: "DOCKER_GATE_FAILED",
      data: { container: older.id, reason: "restarted", stopped: true },
    });
    expect(await target.current(component, plainCall)).toMatchObject({ candidate: newer, settled: true });
    expect(await target.retained(component, plainCall)).toEqual([]);
  });
});

describe("the old worker", () => {
  const cases = [
    { name: "ignores the signal", handler: "() => {}", exitCode: 137, says: /did not finish within 1 s and was killed/ },
    { name: "fails while it finishes", handler: "() => process.exit(4)", exitCode: 4, says: /exit code 4/ },
  ];

  test.for(cases)("is stopped and named in the log when it $name", async ({ handler, exitCode, says }) => {
    const { target, component } = await createSubject({ ...patientOptions, stopTimeout: "1s" });
    const image = await imageOf(`process.on("SIGTERM", ${handler}); ${ticking} ${sayReady}`);
    const old = await target.prepare(toPrepareInput(component, image), createCall());
    await target.promote({ ...component, candidate: old }, createCall());
    const candidate = await target.prepare(toPrepareInput(component, await imageOf(goodWorker)), createCall());
    const call = createCall();

    await target.promote({ ...component, candidate, previous: old }, call);

    expect(call.records).toContainEqual(
      expect.objectContaining({ level: "warn", message: expect.stringMatching(says), fields: expect.objectContaining({ exitCode }) }),
    );
    expect(await target.current(component, plainCall)).toMatchObject({ candidate, settled: true });
  });

  test("is told with the signal that it wants", async () => {
    const { target, component } = await createSubject({ ...patientOptions, stopSignal: "SIGUSR2" });
    const image = await imageOf(`process.on("SIGUSR2", () => { console.log("quiet"); process.exit(0); }); ${ticking} ${sayReady}`);
    const old = await target.prepare(toPrepareInput(component, image), createCall());
    await target.promote({ ...component, candidate: old }, createCall());
    await promoteGood(target, component, old);

    expect(await dockerCli("logs", old.id)).toBe("quiet");
    expect((await inspect(old.id)).State).toMatchObject({ Status: "exited", ExitCode: 0 });
  });
});

describe("before anything is started", () => {
  test("an image that is not there is refused", async () => {
    const { target, component } = await createSubject();

    const prepared = target.prepare(toPrepareInput(component, "fairlead-testing/nothing:1"), createCall());

    await expect(prepared).rejects.toMatchObject({
      code: "DOCKER_IMAGE_MISSING",
      retryable: false,
      data: { reference: "fairlead-testing/nothing:1" },
    });
  });

  test("a network that is not there is refused, one that is there is joined", async () => {
    const image = await imageOf(goodWorker);
    const missing = await createSubject({ pull: "never", network: "fairlead-testing-nowhere" });
    await expect(missing.target.prepare(toPrepareInput(missing.component, image), createCall())).rejects.toMatchObject({
      code: "DOCKER_NETWORK_MISSING",
      data: { network: "fairlead-testing-nowhere" },
    });

    const { target, component } = await createSubject({ pull: "never", network: "none" });
    const candidate = await target.prepare(toPrepareInput(component, image), createCall());
    expect((await inspect(candidate.id)).HostConfig.NetworkMode).toBe("none");
  });

  test("a HEALTHCHECK that answers too late is refused with what to set", async () => {
    const { target, component } = await createSubject({ pull: "never", startTimeout: "5s" });
    const image = await imageOf(goodWorker, { healthcheck: { script: "", interval: "5s" } });

    await expect(target.prepare(toPrepareInput(component, image), createCall())).rejects.toMatchObject({
      code: "DOCKER_HEALTHCHECK_TOO_SLOW",
      hint: expect.stringContaining("startTimeout"),
      data: { firstAnswer: 5_000, startTimeout: 5_000 },
    });
  });

  test("a folder of files is refused", async () => {
    const { target, component } = await createSubject();
    const artifact = { kind: "directory", digest: "sha256:00", files: 3, path: "/srv/shop" } as const;

    const prepared = target.prepare(toPrepareInput(component, "", { artifact }), createCall());

    await expect(prepared).rejects.toMatchObject({ code: "DOCKER_ARTIFACT_UNSUPPORTED" });
  });

  test("a component that the options do not name is refused with those that they name", async () => {
    const { target, component } = await createSubject();

    const misspelt = { ...component, component: "wroker" };
    const refusal = { code: "DOCKER_COMPONENT_UNKNOWN", data: { component: "wroker", known: ["worker"] } };

    await expect(target.prepare(toPrepareInput(misspelt, "worker:1"), createCall())).rejects.toMatchObject(refusal);
    await expect(target.promote({ ...misspelt, candidate: { id: "0" } }, createCall())).rejects.toMatchObject(refusal);
  });

  test("a shell in front of the program is named in the log", async () => {
    const { target, component } = await createSubject({ pull: "never", command: ["/bin/sh", "-c", "node worker.js"] });
    const call = createCall();

    await target.prepare(toPrepareInput(component, await imageOf(goodWorker)), call);

    expect(call.records).toContainEqual(expect.objectContaining({ level: "warn", message: expect.stringContaining("behind a shell") }));
  });
});

/** A target that waits until a good worker is ready, and a strict one of the same component that gives every worker the time to fail. */
async function createPair(worker: DockerWorkerOptions = {}) {
  const { target: plain, component } = await createSubject();
  const strict: DockerWorkerOptions = { pull: "never", minHealthyTime: "10s", startTimeout: "30s", stopTimeout: "1s", ...worker };
  const { target } = await createSubject(strict, {}, component);
  return { plain, target, component };
}

async function promoteGood(target: DeployTarget, component: ComponentReference, previous?: Candidate): Promise<Candidate> {
  const candidate = await target.prepare(toPrepareInput(component, await imageOf(goodWorker)), createCall());
  await target.promote({ ...component, candidate, ...(previous === undefined ? {} : { previous }) }, createCall());
  return candidate;
}
