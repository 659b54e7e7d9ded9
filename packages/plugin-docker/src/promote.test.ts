import { fail, type Candidate } from "@fairlead/core";
import { describe, expect, test } from "vitest";
import { createCall, plainCall } from "../test/support/calls.js";
import { killedAt, Killed } from "../test/support/fake-engine.js";
import { createFakeSubject } from "../test/support/fake-subject.js";
import { dockerErrors } from "./docker-errors.js";
import type { DockerEngine } from "./engine/docker-engine.js";
import type { DockerWorkerOptions } from "./options.js";

const overlaps = ["start-first", "stop-first"] as const;

describe("the order of a promote", () => {
  test("start-first: the old one is told to stop only after the new one has passed", async () => {
    const { target, component, engine, serve, prepare } = await createFakeSubject();
    const old = await serve();
    const { candidate, input } = await prepare();

    await target.promote({ ...component, candidate, previous: old.candidate }, createCall());

    const [one, two] = [old.input.release.id, input.release.id];
    expect(engine.effects).toEqual([`create ${two}`, `start ${two}`, `policy unless-stopped ${two}`, `stop ${one}`]);
  });

  test("stop-first: the new one starts only after the old one has stopped", async () => {
    const { target, component, engine, serve, prepare } = await createFakeSubject({ overlap: "stop-first" });
    const old = await serve();
    const { candidate, input } = await prepare();

    await target.promote({ ...component, candidate, previous: old.candidate }, createCall());

    const [one, two] = [old.input.release.id, input.release.id];
    expect(engine.effects).toEqual([`create ${two}`, `stop ${one}`, `start ${two}`, `policy unless-stopped ${two}`]);
  });

  test("every other container that runs is drained, also one that the plan does not know", async () => {
    const { target, component, engine, serve, prepare, running } = await createFakeSubject();
    const stray = await serve();
    const known = await prepare();
    await engine.start(known.candidate.id, plainCall.signal);
    const { candidate, input } = await prepare();

    await target.promote({ ...component, candidate, previous: known.candidate }, createCall());

    expect(running()).toEqual([input.release.id]);
    expect(engine.effects).toContain(`stop ${stray.input.release.id}`);
  });
});

describe("a container that was killed", () => {
  test.for([
    {
      name: "by the kernel, of which the engine hears a moment later, ran out of memory",
      heard: true,
      says: /it ran out of memory and was killed after/,
    },
    {
      name: "by whom the engine does not say, may have run out of memory",
      heard: false,
      says: /killed \(exit code 137\), by somebody or because it ran out of memory/,
    },
  ])("$name", async ({ heard, says }) => {
    const { component, engine, through, prepare } = await createFakeSubject();
    const { candidate } = await prepare({ endsAfter: 500, exitCode: 137 });
    let outOfMemory = false;
    const late: DockerEngine = {
      ...engine,
      async container(...question) {
        const facts = await engine.container(...question);
        return facts && { ...facts, outOfMemory };
      },
      logs(...question) {
        outOfMemory = heard;
        return engine.logs(...question);
      },
    };

    const promoted = through(late).promote({ ...component, candidate }, createCall());

    await expect(promoted).rejects.toMatchObject({ message: expect.stringMatching(says), data: { exitCode: 137, outOfMemory: heard } });
  });
});

describe.for(overlaps)("a process killed at any call of a %s promote", (overlap) => {
  const worker: DockerWorkerOptions = { overlap, minHealthyTime: "1s", startTimeout: "1s" };

  /** Runs `act` again and again on a fresh world, killed at call 1, 2, … before and after its effect, until it ends by itself. */
  async function everyKill(
    arrange: () => Promise<Awaited<ReturnType<typeof createFakeSubject>> & { readonly candidate: Candidate; readonly previous: Candidate }>,
    judge: (world: Awaited<ReturnType<typeof arrange>>) => Promise<void>,
  ): Promise<number> {
    for (let number = 1; ; number += 1) {
      for (const moment of ["before", "after"] as const) {
        const world = await arrange();
        const engine = killedAt(world.engine, number, moment);
        const { component, candidate, previous } = world;
        const outcome = await world
          .through(engine)
          .promote({ ...component, candidate, previous }, createCall())
          .then(
            () => "ended",
            (error: unknown) => error,
          );
        await judge(world);
        // The last calls of a failure are allowed to fail: what is then left is finished by whoever comes next.
        if (!(outcome instanceof Killed) && engine.calls() < number) return number - 1;
      }
    }
  }

  test("is finished by the next one", async () => {
    const kills = await everyKill(
      async () => {
        const subject = await createFakeSubject(worker);
        const previous = (await subject.serve()).candidate;
        return { ...subject, previous, candidate: (await subject.prepare()).candidate };
      },
      async ({ target, component, candidate, previous, running }) => {
        await target.promote({ ...component, candidate, previous }, createCall());

        expect(await target.current(component, plainCall)).toMatchObject({ candidate, settled: true });
        expect(running()).toHaveLength(1);
        expect(await target.retained(component, plainCall)).toMatchObject([{ candidate: previous }]);
      },
    );
    expect(kills).toBeGreaterThan(15);
  });

  test("is taken back by a rollback", async () => {
    const kills = await everyKill(
      async () => {
        const subject = await createFakeSubject(worker);
        const previous = (await subject.serve()).candidate;
        return { ...subject, previous, candidate: (await subject.prepare()).candidate };
      },
      async ({ target, component, candidate, previous, running }) => {
        await target.promote({ ...component, candidate: previous, previous: candidate }, createCall());
        await target.discard({ ...component, candidate }, createCall());

        expect(await target.current(component, plainCall)).toMatchObject({ candidate: previous, settled: true });
        expect(running()).toHaveLength(1);
        expect(await target.retained(component, plainCall)).toEqual([]);
      },
    );
    expect(kills).toBeGreaterThan(15);
  });

  test("leaves the old one running when the new one does not pass", async () => {
    const kills = await everyKill(
      async () => {
        const subject = await createFakeSubject(worker);
        const previous = (await subject.serve()).candidate;
        return { ...subject, previous, candidate: (await subject.prepare({ endsAfter: 500, exitCode: 1 })).candidate };
      },
      async ({ target, component, candidate, previous, running }) => {
        const again = target.promote({ ...component, candidate, previous }, createCall());

        await expect(again).rejects.toMatchObject({ code: "DOCKER_GATE_FAILED", data: { reason: "exited" } });
        expect(await target.current(component, plainCall)).toMatchObject({ candidate: previous, settled: true });
        expect(running()).toHaveLength(1);
      },
    );
    expect(kills).toBeGreaterThan(10);
  });
});

test("start-first: something that passed its gate runs at every moment, and `current` says so", async () => {
  for (let number = 1; number <= 40; number += 1) {
    const { target, component, engine, through, serve, prepare } = await createFakeSubject({ minHealthyTime: "1s" });
    const { candidate: previous } = await serve();
    const { candidate } = await prepare();
    await through(killedAt(engine, number, "after"))
      .promote({ ...component, candidate, previous }, createCall())
      .catch(() => undefined);

    const serving = await target.current(component, plainCall);

    expect([previous.id, candidate.id]).toContain(serving?.candidate.id);
    expect(engine.containers.get(serving!.candidate.id)).toMatchObject({ status: "running", policy: "unless-stopped" });
  }
});

test.for(overlaps)("%s: nothing takes effect after the caller has stopped waiting", async (overlap) => {
  for (let number = 1; number <= 25; number += 1) {
    const { component, engine, through, serve, prepare } = await createFakeSubject({ overlap, minHealthyTime: "1s" });
    const { candidate: previous } = await serve();
    const { candidate } = await prepare();
    const stop = new AbortController();
    let calls = 0;
    let effects: number | undefined;
    const watched = new Proxy(engine, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== "function") return member;
        return (...parameters: unknown[]): unknown => {
          calls += 1;
          if (calls === number) {
            stop.abort(new Error("too late"));
            effects = engine.effects.length;
          }
          return Reflect.apply(member, target, parameters);
        };
      },
    });

    await through(watched)
      .promote({ ...component, candidate, previous }, createCall({ signal: stop.signal }))
      .catch(() => undefined);

    if (effects !== undefined) expect(engine.effects).toHaveLength(effects);
  }
});

test("an engine that fails for a moment at the start is no verdict on the worker", async () => {
  const { target, component, engine, prepare } = await createFakeSubject();
  const { candidate } = await prepare();
  const start = engine.start.bind(engine);
  engine.start = () => Promise.reject(fail(dockerErrors, "DOCKER_ENGINE_FAILED", { operation: "start", status: 500, problem: "busy" }));

  const promoted = target.promote({ ...component, candidate }, createCall());
  await expect(promoted).rejects.toMatchObject({ code: "DOCKER_ENGINE_FAILED", retryable: true });
  engine.start = start;
  await target.promote({ ...component, candidate }, createCall());

  expect(await target.current(component, plainCall)).toMatchObject({ candidate, settled: true });
});

test("a new one that cannot be stopped is said to be so", async () => {
  const { target, component, engine, serve, prepare } = await createFakeSubject({ minHealthyTime: "1s" });
  await serve();
  const { candidate } = await prepare({ health: () => "unhealthy" });
  engine.stop = () => Promise.reject(fail(dockerErrors, "DOCKER_ENGINE_FAILED", { operation: "stop", status: 500, problem: "busy" }));

  const promoted = target.promote({ ...component, candidate }, createCall());

  await expect(promoted).rejects.toMatchObject({
    code: "DOCKER_GATE_FAILED",
    message: expect.stringContaining("could not be stopped"),
    data: { stopped: false },
  });
});

test("a report keeps whole lines, the newest, and not more than a journal should hold", async () => {
  const { target, component, prepare } = await createFakeSubject();
  const writes = Array.from({ length: 40 }, (_, index) => `${String(index)} ${"x".repeat(2_000)}`);
  const { candidate } = await prepare({ endsAfter: 100, exitCode: 1, writes });

  const error: unknown = await target.promote({ ...component, candidate }, createCall()).catch((thrown: unknown) => thrown);

  expect(error).toMatchObject({ data: { logs: writes.slice(-16) } });
});

test("a candidate that is gone is named", async () => {
  const { target, component, prepare } = await createFakeSubject();
  const { candidate } = await prepare();
  await target.discard({ ...component, candidate }, createCall());

  const promoted = target.promote({ ...component, candidate }, createCall());

  await expect(promoted).rejects.toMatchObject({ code: "DOCKER_CANDIDATE_GONE", data: { candidate: candidate.data?.["name"] } });
});

test("stop-first: what had failed before is not put back in place of what fails now", async () => {
  const { target, component, serve, prepare, running } = await createFakeSubject({ overlap: "stop-first", minHealthyTime: "1s" });
  const good = await serve();
  const bad = await prepare({ endsAfter: 500, exitCode: 1 });
  const worse = await prepare({ endsAfter: 100, exitCode: 2 });
  await target.promote({ ...component, candidate: bad.candidate, previous: good.candidate }, createCall()).catch(() => undefined);

  await target.promote({ ...component, candidate: worse.candidate, previous: bad.candidate }, createCall()).catch(() => undefined);

  expect(running()).toEqual([good.input.release.id]);
});

test("a caller who stops waiting while a failure is taken back gets its own reason", async () => {
  const { target, component, engine, prepare } = await createFakeSubject({ minHealthyTime: "1s" });
  const { candidate } = await prepare({ health: () => "unhealthy" });
  const stop = new AbortController();
  const reason = new Error("deadline");
  engine.stop = (_id, _seconds, signal) => {
    stop.abort(reason);
    return Promise.reject(signal.reason as Error);
  };

  const promoted = target.promote({ ...component, candidate }, createCall({ signal: stop.signal }));

  await expect(promoted).rejects.toBe(reason);
});

test("an older one that ends and is started again before it is first looked at has not passed", async () => {
  const { target, component, engine, serve } = await createFakeSubject({ minHealthyTime: "1s" });
  const older = await serve();
  const newer = await serve();
  const start = engine.start.bind(engine);
  engine.start = async (id, signal) => {
    await start(id, signal);
    Object.assign(engine.containers.get(id)!, { restarts: 1 });
  };

  const back = target.promote({ ...component, candidate: older.candidate, previous: newer.candidate }, createCall());

  await expect(back).rejects.toMatchObject({ code: "DOCKER_GATE_FAILED", data: { reason: "restarted" } });
});
