import { digestOf, type DeploymentCall, type PrepareInput } from "@fairlead/core";
import { expect, test } from "vitest";
import { createFakeProvider } from "./fake-provider.js";
import { createFakeTarget } from "./fake-target.js";

const component = { application: "shop", environment: "production", component: "web", role: "web" } as const;
const artifact = { kind: "directory", digest: digestOf("site"), files: 1 } as const;
const input: PrepareInput = {
  ...component,
  artifact,
  key: "key-1",
  variables: {},
  release: {
    id: "rel_1",
    application: "shop",
    createdAt: "2026-01-01T00:00:00.000Z",
    provenance: {},
    artifacts: { web: artifact },
    migrations: [],
    contentDigest: artifact.digest,
  },
};

function createCall(signal = new AbortController().signal): DeploymentCall {
  const say = (): void => undefined;
  return { signal, environment: "production", deploymentId: "dep_1", idempotencyKey: "key-1", log: { info: say, warn: say, error: say } };
}

test("every change is in the provider's effects, once", async () => {
  const provider = createFakeProvider();
  const target = createFakeTarget({ provider });
  const candidate = await target.prepare(input, createCall());
  await createFakeTarget({ provider }).prepare(input, createCall());
  await target.promote({ ...component, candidate }, createCall());
  await target.promote({ ...component, candidate }, createCall());
  expect(provider.effects).toEqual([
    { kind: "candidate.made", component: "web", candidate: candidate.id, release: "rel_1" },
    { kind: "traffic.moved", component: "web", candidate: candidate.id, release: "rel_1" },
  ]);
  expect(provider.serving(component)).toEqual(["rel_1"]);
});

test.for([
  ["reject", 0],
  ["reject-after", 1],
] as const)("%s: the call fails with %i effects, and the next one does not", async ([kind, effects]) => {
  const target = createFakeTarget();
  target.provider.fault({ method: "prepare", kind });
  await expect(target.prepare(input, createCall())).rejects.toMatchObject({ code: "FAKE_TARGET_FAILED", retryable: true });
  expect(target.provider.effects).toHaveLength(effects);
  await target.prepare(input, createCall());
  expect(target.provider.candidates(component)).toBe(1);
});

test.for([
  ["hang", undefined],
  ["hang-after", ["rel_1"]],
] as const)("%s: the call ends with its signal", async ([kind, serving]) => {
  const target = createFakeTarget();
  const candidate = await target.prepare(input, createCall());
  target.provider.fault({ method: "promote", kind, every: true });
  const controller = new AbortController();
  const promoting = target.promote({ ...component, candidate }, createCall(controller.signal));
  controller.abort(new Error("the time is up"));
  await expect(promoting).rejects.toThrow("the time is up");
  expect(target.provider.serving(component)).toEqual(serving ?? []);
  target.provider.clearFaults();
  await target.promote({ ...component, candidate }, createCall());
  expect(target.provider.serving(component)).toEqual(["rel_1"]);
});

test("a provider of somebody else is refused", () => {
  const foreign = { ...createFakeProvider() };
  expect(() => createFakeTarget({ provider: foreign })).toThrow(expect.objectContaining({ code: "FAKE_PROVIDER_FOREIGN" }));
});
