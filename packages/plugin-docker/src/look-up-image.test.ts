import { expect, test } from "vitest";
import { createCall } from "../test/support/calls.js";
import { createFakeSubject } from "../test/support/fake-subject.js";
import { toPrepareInput } from "../test/support/inputs.js";
import { Secret } from "@fairlead/core";

const reference = "registry.example/shop/worker:stable";
const older = { id: `sha256:${"1".repeat(64)}`, digest: `sha256:${"a".repeat(64)}` };
const newer = { id: `sha256:${"2".repeat(64)}`, digest: `sha256:${"b".repeat(64)}` };

test("where images are pulled a tag is what the registry has under it, and nothing is downloaded", async () => {
  const { engine, target, component } = await createFakeSubject({ pull: "try" });
  engine.images.set(reference, older);
  engine.registry.set(reference, newer);

  expect(await target.resolve({ ...component, reference }, createCall())).toEqual({
    digest: newer.digest,
    pinned: `registry.example/shop/worker@${newer.digest}`,
  });
  expect(engine.pulls).toEqual([]);
});

test("where no registry is asked a tag is the image that is here", async () => {
  const { engine, target, component } = await createFakeSubject({ pull: "never" });
  engine.images.set(reference, older);
  engine.registry.set(reference, newer);

  expect(await target.resolve({ ...component, reference }, createCall())).toEqual({ digest: older.id, pinned: older.id });
  expect(engine.digests).toEqual([]);
});

test("where the registry does not answer it is the image that is here, and that is said", async () => {
  const { engine, target, component } = await createFakeSubject({ pull: "try" });
  engine.images.set(reference, older);
  engine.registry.set(reference, new Error("connection refused"));

  expect(await target.resolve({ ...component, reference }, createCall())).toEqual({
    digest: older.id,
    pinned: older.id,
    note: expect.stringMatching(new RegExp(`${reference}.*connection refused.*The image that is here is used: ${older.id}`)),
  });
});

test.for(["always", "try"] as const)("with `%s` nobody can say what is nowhere; preparing it says why", async (pull) => {
  const { engine, target, component } = await createFakeSubject({ pull });
  if (pull === "always") engine.images.set(reference, older);
  engine.registry.set(reference, new Error("connection refused"));

  expect(await target.resolve({ ...component, reference }, createCall())).toBeUndefined();
  await expect(target.prepare(toPrepareInput(component, reference), createCall())).rejects.toMatchObject({ code: "DOCKER_PULL_FAILED" });
});

test("the registry is shown the credentials that are for it", async () => {
  const registries = { "registry.example": { username: "ada", password: new Secret("TOKEN", "s3cret") } };
  const { engine, target, component } = await createFakeSubject({ pull: "try" }, { registries });
  engine.registry.set(reference, newer);
  await target.resolve({ ...component, reference }, createCall());
  expect(engine.digests).toEqual([{ reference, username: "ada" }]);
});

test("what was pinned is prepared, also when the tag has moved since", async () => {
  const { engine, target, component } = await createFakeSubject({ pull: "try" });
  engine.registry.set(reference, newer);
  const pinned = `registry.example/shop/worker@${older.digest}`;
  engine.registry.set(pinned, older);
  const input = toPrepareInput(component, reference, { artifact: { kind: "image", digest: older.digest, reference, pinned } });

  const candidate = await target.prepare(input, createCall());

  expect(candidate.data).toMatchObject({ image: reference, imageId: older.id });
  expect(engine.pulls.map((pull) => pull.reference)).toEqual([reference, pinned]);
});

test("what was pinned and is here is not pulled again", async () => {
  const { engine, target, component } = await createFakeSubject({ pull: "try" });
  engine.registry.set(reference, newer);
  engine.images.set(older.id, older);
  const artifact = { kind: "image", digest: older.id, reference, pinned: older.id } as const;

  expect((await target.prepare(toPrepareInput(component, reference, { artifact }), createCall())).data).toMatchObject({
    imageId: older.id,
  });
  expect(engine.pulls).toEqual([]);
});
