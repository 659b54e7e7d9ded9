import { Secret } from "@fairlead/core";
import { describe, expect, test } from "vitest";
import { createCall } from "../test/support/calls.js";
import { killedAt } from "../test/support/fake-engine.js";
import { createFakeSubject } from "../test/support/fake-subject.js";
import { toPrepareInput } from "../test/support/inputs.js";

describe("which image runs", () => {
  const reference = "registry.example/shop/worker:1";
  const older = { id: "sha256:older" };
  const newer = { id: "sha256:newer" };

  test("the one at the registry, where it answers", async () => {
    const { engine, target, component } = await createFakeSubject({ pull: "try" });
    engine.images.set(reference, older);
    engine.registry.set(reference, newer);

    const candidate = await target.prepare(toPrepareInput(component, reference), createCall());

    expect(candidate.data).toMatchObject({ image: reference, imageId: newer.id });
  });

  test("the one that is here, where it does not, and the log says so", async () => {
    const { engine, target, component } = await createFakeSubject({ pull: "try" });
    engine.images.set(reference, older);
    engine.registry.set(reference, new Error("dial tcp: lookup registry.example: no such host"));
    const call = createCall();

    const candidate = await target.prepare(toPrepareInput(component, reference), call);

    expect(candidate.data).toMatchObject({ imageId: older.id });
    expect(call.records).toContainEqual(expect.objectContaining({ level: "warn", message: expect.stringContaining("no such host") }));
  });

  test("none, where the registry has to answer and does not", async () => {
    const { engine, target, component } = await createFakeSubject({ pull: "always" });
    engine.images.set(reference, older);
    engine.registry.set(reference, new Error("connection refused"));

    const prepared = target.prepare(toPrepareInput(component, reference), createCall());

    await expect(prepared).rejects.toMatchObject({ code: "DOCKER_PULL_FAILED", retryable: true });
    expect(engine.effects).toEqual([]);
  });

  test("the one that is here, where no registry is to be asked", async () => {
    const { engine, target, component } = await createFakeSubject({ pull: "never" });
    engine.images.set(reference, older);
    engine.registry.set(reference, newer);

    const candidate = await target.prepare(toPrepareInput(component, reference), createCall());

    expect(candidate.data).toMatchObject({ imageId: older.id });
    expect(engine.pulls).toEqual([]);
  });

  test("the one that is here, where the reference names its content", async () => {
    const { engine, target, component } = await createFakeSubject({ pull: "always" });
    const pinned = `registry.example/shop/worker@sha256:${"a".repeat(64)}`;
    engine.images.set(pinned, older);

    const candidate = await target.prepare(toPrepareInput(component, pinned), createCall());

    expect(candidate.data).toMatchObject({ imageId: older.id });
    expect(engine.pulls).toEqual([]);
  });

  test.for([
    ["manifest unknown: manifest unknown", "DOCKER_IMAGE_MISSING", false],
    ["pull access denied for shop/worker, repository does not exist or may require 'docker login'", "DOCKER_IMAGE_MISSING", false],
    ["Head https://registry.example/v2/: unauthorized: authentication required", "DOCKER_REGISTRY_REFUSED", false],
    ["Head https://registry.example/v2/: no basic auth credentials", "DOCKER_REGISTRY_REFUSED", false],
    ["net/http: TLS handshake timeout", "DOCKER_PULL_FAILED", true],
    ["toomanyrequests: You have reached your pull rate limit", "DOCKER_PULL_FAILED", true],
  ] as const)("none, where the registry says %s", async ([problem, code, retryable]) => {
    const { engine, target, component } = await createFakeSubject({ pull: "try" });
    engine.registry.set(reference, new Error(problem));

    const prepared = target.prepare(toPrepareInput(component, reference), createCall());

    await expect(prepared).rejects.toMatchObject({ code, retryable, data: { reference, problem } });
  });

  test("credentials are shown to the registry that they are for and to no other", async () => {
    const registries = { "registry.example": { username: "ada", password: new Secret("TOKEN", "s3cret") } };
    const { engine, target, component } = await createFakeSubject({ pull: "try" }, { registries });
    for (const image of [reference, "shop/worker:1", "registry.example.evil.example/worker:1"]) {
      engine.registry.set(image, newer);
      await target.prepare(toPrepareInput(component, image), createCall());
    }

    expect(engine.pulls.map(({ username }) => username)).toEqual(["ada", undefined, undefined]);
  });
});

test("a process killed at any call leaves what the next one adopts", async () => {
  let kills = 0;
  for (const moment of ["before", "after"] as const) {
    for (let number = 1; number <= 10; number += 1) {
      const { engine, target, through, component } = await createFakeSubject();
      engine.images.set("worker:1", { id: "sha256:1" });
      const input = toPrepareInput(component, "worker:1");
      const killed = await through(killedAt(engine, number, moment))
        .prepare(input, createCall())
        .then(
          () => 0,
          () => 1,
        );
      kills += killed;
      const observed = await target.observe({ ...component, key: input.key }, createCall());

      const candidate = await target.prepare(input, createCall());

      expect(engine.containers).toHaveLength(1);
      expect(engine.effects).toEqual([`create ${input.release.id}`]);
      expect([{ status: "absent" }, { status: "applied", candidate }]).toContainEqual(observed);
    }
  }
  expect(kills).toBeGreaterThanOrEqual(8);
});

test("a name whose container is being removed is waited for, and not for ever", async () => {
  const { engine, target, component } = await createFakeSubject();
  engine.images.set("worker:1", { id: "sha256:1" });
  const input = toPrepareInput(component, "worker:1");
  const first = await target.prepare(input, createCall());
  const leaving = engine.containers.get(first.id)!;
  Object.assign(leaving, { status: "removing" });
  const create = engine.create.bind(engine);
  let tries = 0;
  engine.create = (...parameters) => {
    tries += 1;
    if (tries === 5) engine.containers.delete(first.id);
    return create(...parameters);
  };

  const second = await target.prepare(input, createCall());
  Object.assign(engine.containers.get(second.id)!, { status: "removing" });
  const third = target.prepare(input, createCall());

  expect(tries).toBe(5);
  await expect(third).rejects.toMatchObject({ code: "DOCKER_NAME_BUSY", retryable: true });
});

test("a variable that is a secret reaches the container and none of its labels", async () => {
  const { engine, target, component } = await createFakeSubject(
    { env: { QUEUE: "mail" } },
    { env: { TOKEN: new Secret("TOKEN", "hunter2-hunter2") } },
  );
  engine.images.set("worker:1", { id: "sha256:1" });

  const { id } = await target.prepare(toPrepareInput(component, "worker:1"), createCall());

  const { environment, labels } = engine.containers.get(id)?.specification ?? {};
  expect(environment).toMatchObject({ QUEUE: "mail", TOKEN: "hunter2-hunter2" });
  expect(JSON.stringify(labels)).not.toContain("hunter2");
});

test("variables cannot pretend to be another release or environment", async () => {
  const { engine, target, component } = await createFakeSubject();
  engine.images.set("worker:1", { id: "sha256:1" });
  const input = toPrepareInput(component, "worker:1", { variables: { FAIRLEAD_RELEASE: "rel_other", FAIRLEAD_ENVIRONMENT: "other" } });

  const { id } = await target.prepare(input, createCall());

  expect(engine.containers.get(id)?.specification.environment).toEqual({
    FAIRLEAD_RELEASE: input.release.id,
    FAIRLEAD_ENVIRONMENT: component.environment,
  });
});
