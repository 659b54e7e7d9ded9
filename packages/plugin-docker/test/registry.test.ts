import { Secret } from "@fairlead/core";
import { docker, requireService } from "@fairlead/test-support";
import { randomUUID } from "node:crypto";
import { afterAll, beforeEach, expect, test } from "vitest";
import { createCall } from "./support/calls.js";
import { toPrepareInput } from "./support/inputs.js";
import { cleanUp, createSubject, dockerCli, inspect } from "./support/real-engine.js";
import { startRegistry } from "./support/registry.js";

const pulled: string[] = [];

beforeEach((context) => {
  requireService(context, docker);
});
afterAll(async () => {
  await cleanUp();
  if (pulled.length > 0) await dockerCli("image", "rm", "--force", ...pulled);
});

function track<Pushed extends { readonly imageId: string }>(pushed: Pushed): Pushed {
  pulled.push(pushed.imageId);
  return pushed;
}

test("what runs is what the tag meant when the release was prepared, wherever the tag goes later", async () => {
  await using registry = await startRegistry();
  const { target, component } = await createSubject({ pull: "try" });
  const reference = `${registry.host}/shop/worker:stable`;

  const first = track(registry.push("stable", ["/one", randomUUID()]));
  const input = toPrepareInput(component, reference);
  const one = await target.prepare(input, createCall());
  const second = track(registry.push("stable", ["/two", randomUUID()]));
  const two = await target.prepare(toPrepareInput(component, reference), createCall());
  const again = await target.prepare(input, createCall());

  expect((await inspect(one.id)).Image).toBe(first.imageId);
  expect((await inspect(two.id)).Image).toBe(second.imageId);
  expect(again).toEqual(one);
  expect([one.data, two.data]).toMatchObject([
    { image: reference, imageId: first.imageId },
    { image: reference, imageId: second.imageId },
  ]);
});

test("what a tag meant when the release was planned is what is prepared, and the registry says when it moves", async () => {
  await using registry = await startRegistry({ username: "ada", password: "s3cret" });
  const registries = { [registry.host]: { username: "ada", password: new Secret("REGISTRY_TOKEN", "s3cret") } };
  const { target, component } = await createSubject({ pull: "try" }, { registries });
  const reference = `${registry.host}/shop/worker:stable`;
  const resolve = async () => target.resolve({ ...component, reference }, createCall());

  const first = track(registry.push("stable", ["/one", randomUUID()]));
  const planned = await resolve();
  expect(planned).toEqual({ digest: first.digest, pinned: `${registry.host}/shop/worker@${first.digest}` });
  expect(await resolve()).toEqual(planned);
  const second = track(registry.push("stable", ["/two", randomUUID()]));
  expect(await resolve()).toMatchObject({ digest: second.digest });

  const artifact = { kind: "image", reference, digest: first.digest, ...planned } as const;
  const candidate = await target.prepare(toPrepareInput(component, reference, { artifact }), createCall());
  expect((await inspect(candidate.id)).Image).toBe(first.imageId);
});

test("content that is named by its digest is pulled once and then needs no registry", async () => {
  const registry = await startRegistry();
  const { target, component } = await createSubject({ pull: "always" });
  const { imageId, digest } = track(registry.push("1", ["/one", randomUUID()]));
  const reference = `${registry.host}/shop/worker@${digest}`;

  const one = await target.prepare(toPrepareInput(component, reference), createCall());
  await registry[Symbol.asyncDispose]();
  const two = await target.prepare(toPrepareInput(component, reference), createCall());

  expect((await inspect(one.id)).Image).toBe(imageId);
  expect((await inspect(two.id)).Image).toBe(imageId);
});

test("a registry that has gone leaves the image that is here, with a word in the log", async () => {
  const registry = await startRegistry();
  const { target, component } = await createSubject({ pull: "try" });
  const { imageId } = track(registry.push("1", ["/one", randomUUID()]));
  const reference = `${registry.host}/shop/worker:1`;
  await target.prepare(toPrepareInput(component, reference), createCall());
  await registry[Symbol.asyncDispose]();
  const call = createCall();

  const candidate = await target.prepare(toPrepareInput(component, reference), call);

  expect((await inspect(candidate.id)).Image).toBe(imageId);
  expect(call.records).toContainEqual(expect.objectContaining({ level: "warn", message: expect.stringContaining("connection refused") }));
});

test("a registry that has gone, and no image here, may be tried again", async () => {
  const registry = await startRegistry();
  const reference = `${registry.host}/shop/worker:1`;
  await registry[Symbol.asyncDispose]();
  const { target, component } = await createSubject({ pull: "try" });

  const prepared = target.prepare(toPrepareInput(component, reference), createCall());

  await expect(prepared).rejects.toMatchObject({ code: "DOCKER_PULL_FAILED", retryable: true, data: { reference } });
});

test("a tag that the registry does not know is missing for good", async () => {
  await using registry = await startRegistry();
  const { target, component } = await createSubject({ pull: "try" });

  const prepared = target.prepare(toPrepareInput(component, `${registry.host}/shop/worker:none`), createCall());

  await expect(prepared).rejects.toMatchObject({ code: "DOCKER_IMAGE_MISSING", retryable: false });
});

test("a private registry is given the credentials that are for it", async () => {
  await using registry = await startRegistry({ username: "ada", password: "s3cret" });
  const { imageId } = track(registry.push("1", ["/one", randomUUID()]));
  const reference = `${registry.host}/shop/worker:1`;
  const prepareWith = async (password?: string) => {
    const registries =
      password === undefined ? {} : { [registry.host]: { username: "ada", password: new Secret("REGISTRY_TOKEN", password) } };
    const { target, component } = await createSubject({ pull: "try" }, { registries });
    return target.prepare(toPrepareInput(component, reference), createCall());
  };

  await expect(prepareWith()).rejects.toMatchObject({ code: "DOCKER_REGISTRY_REFUSED", data: { registry: registry.host } });
  await expect(prepareWith("wrong")).rejects.toMatchObject({
    code: "DOCKER_REGISTRY_REFUSED",
    hint: expect.stringContaining(registry.host),
  });
  expect((await inspect((await prepareWith("s3cret")).id)).Image).toBe(imageId);
});
