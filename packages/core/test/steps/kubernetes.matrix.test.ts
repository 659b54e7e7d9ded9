import { matrixCases } from "@fairlead/test-support";
import { existsSync, readdirSync, statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { KubernetesEmulator, KubernetesEmulatorOptions } from "@fairlead/testing/emulators";
import type { Json, JsonObject, StepDefinition } from "../../src/index.js";
import { kubernetes, type KubernetesOptions } from "../../src/steps/index.js";
import { clusterForTest, kubectlPrograms, writeManifests, type Workload } from "./support/kubernetes-programs.js";
import { createCall, pinned, stepsOf } from "./support/set-up.js";

/** A cluster, manifests, and the two steps that work on them. */
async function createScene(
  program: string,
  options: Partial<KubernetesOptions> = {},
  { workload = {}, ...emulator }: KubernetesEmulatorOptions & { readonly workload?: Workload } = {},
) {
  const { cluster, home, kubeconfig } = await clusterForTest(emulator);
  const manifests = join(home, "app.yaml");
  const write = (next: Workload) => writeManifests(manifests, next);
  await write(workload);
  const workFolder = join(home, "work");
  const steps = async () =>
    (await stepsOf(kubernetes({ name: "k8s", manifests, kubeconfig, program, workFolder, rollout: "2s", ...options }))) as [
      StepDefinition,
      StepDefinition,
    ];
  const find = async (call = createCall()) => {
    const [plan] = await steps();
    return (await plan.run(pinned(plan), call)) as JsonObject;
  };
  /** What the step that applies is called with, once its input was pinned. */
  const applyOf = async (found: JsonObject) => {
    const [, apply] = await steps();
    const input = { ...pinned(apply), plan: found };
    return {
      run: (call = createCall()) => apply.run(input, call),
      observe: () => apply.observe?.(input, createCall()),
      undo: async (output?: Json) => {
        if (apply.reversibility === "undo") await apply.undo(input, { ...createCall(), output });
      },
    };
  };
  const deploy = async (next: Workload) => {
    await write(next);
    const apply = await applyOf(await find());
    return { ...apply, output: await apply.run() };
  };
  return { cluster, home, kubeconfig, manifests, workFolder, write, find, applyOf, deploy };
}

async function objectOf(cluster: KubernetesEmulator, kind: string, name: string): Promise<JsonObject | undefined> {
  const { objects } = await cluster.state();
  return objects.find((one) => one["kind"] === kind && (one["metadata"] as JsonObject)["name"] === name);
}
const effectsOf = async (cluster: KubernetesEmulator): Promise<readonly string[]> =>
  (await cluster.ledger()).effects.map(({ kind, subject }) => `${kind} ${subject}`);
const dataOf = async (cluster: KubernetesEmulator): Promise<unknown> => (await objectOf(cluster, "ConfigMap", "web"))?.["data"];
const pauseOf = (cluster: KubernetesEmulator, replicas: number) =>
  fetch(`${cluster.url}/apis/apps/v1/namespaces/shop/deployments/web?fieldManager=autoscaler`, {
    method: "PATCH",
    headers: { "content-type": "application/merge-patch+json" },
    body: JSON.stringify({ spec: { replicas } }),
  });
const recolour = (cluster: KubernetesEmulator, colour: string) =>
  fetch(`${cluster.url}/api/v1/namespaces/shop/configmaps/web?fieldManager=somebody`, {
    method: "PATCH",
    headers: { "content-type": "application/merge-patch+json" },
    body: JSON.stringify({ data: { colour } }),
  });

describe.for(matrixCases(kubectlPrograms, { sample: 1 }))("with $name", { timeout: 180_000 }, ({ program }) => {
  test("what would change is shown without values, and nothing else is done", async () => {
    const { cluster, find } = await createScene(program, {}, { workload: { job: true } });
    const call = createCall();
    expect(await find(call)).toMatchObject({
      hasChanges: true,
      server: cluster.url,
      summary: ["3 to create, 0 to change, 0 as they are", "+ ConfigMap shop/web", "+ Deployment shop/web", "+ Job shop/seed"],
    });
    expect(call.lines).toContain("+ Deployment shop/web");
    expect(await effectsOf(cluster)).toEqual([]);
  });

  test("it is applied and rolled out; the next time the changes are named, and where there are none nothing is done", async () => {
    const { find, deploy, write } = await createScene(program, {}, { settings: { rolloutAfter: "300ms" } });
    expect((await deploy({ size: "big" })).output).toEqual({
      created: ["ConfigMap shop/web", "Deployment shop/web"],
      changed: [],
      asTheyWere: [],
    });
    expect(await find()).toMatchObject({ hasChanges: false, summary: ["0 to create, 0 to change, 2 as they are"] });
    await write({ colour: "k3xQ-9vLm2", image: "shop/web:2" });
    const found = await find();
    expect(found["summary"]).toEqual([
      "0 to create, 2 to change, 0 as they are",
      "~ ConfigMap shop/web: data.colour, data.size",
      "~ Deployment shop/web: spec.template.spec.containers[web].image shop/web:1 → shop/web:2",
    ]);
    expect(JSON.stringify(found)).not.toContain("k3xQ-9vLm2");
  });

  test("a rollback applies what was live before, and leaves to others what is theirs", async () => {
    const { cluster, deploy, workFolder } = await createScene(program);
    await deploy({ size: "big" });
    await pauseOf(cluster, 4);
    const second = await deploy({ colour: "red", image: "shop/web:2", job: true });
    expect(await dataOf(cluster)).toEqual({ colour: "red" });
    const kept = readdirSync(workFolder, { recursive: true })
      .map(String)
      .filter((name) => name.endsWith(".before.json"));
    expect(kept).toHaveLength(1);
    expect(statSync(join(workFolder, kept[0] ?? "")).mode & 0o077).toBe(0);
    for (const _ of [1, 2]) {
      await second.undo();
      expect(await dataOf(cluster)).toEqual({ colour: "blue", size: "big" });
      expect(await objectOf(cluster, "Deployment", "web")).toMatchObject({
        spec: {
          replicas: 4,
          template: { spec: { containers: [{ name: "web", image: "shop/web:1", env: [{ name: "MODE", value: "live" }] }] } },
        },
      });
      expect(await objectOf(cluster, "Job", "seed")).toBeUndefined();
    }
    expect(await second.observe()).toEqual({ status: "absent" });
  });

  test("the first deployment leaves nothing when it is taken back, and where nothing was applied nothing is taken back", async () => {
    const { cluster, find, applyOf } = await createScene(program);
    const apply = await applyOf(await find());
    await apply.undo();
    expect(await effectsOf(cluster)).toEqual([]);
    await apply.run();
    await apply.undo();
    expect(await effectsOf(cluster)).toEqual([
      "object.created ConfigMap shop/web",
      "object.created Deployment shop/web",
      "object.deleted ConfigMap shop/web",
      "object.deleted Deployment shop/web",
    ]);
  });

  test("fields of others are a conflict before anything is done, or are taken over where that is wanted, and given back", async () => {
    const { cluster, deploy, find, write } = await createScene(program);
    await deploy({});
    await recolour(cluster, "green");
    await write({ colour: "red" });
    await expect(find()).rejects.toMatchObject({
      code: "KUBERNETES_CONFLICT",
      data: { conflicts: [expect.stringContaining('conflict with "somebody"') as string] },
    });
    expect(await dataOf(cluster)).toEqual({ colour: "green" });

    const forced = await createScene(program, { forceConflicts: true });
    await forced.deploy({});
    await recolour(forced.cluster, "green");
    const { undo } = await forced.deploy({ colour: "red" });
    expect(await dataOf(forced.cluster)).toEqual({ colour: "red" });
    await undo();
    expect(await dataOf(forced.cluster)).toEqual({ colour: "green" });
  });

  test("what somebody else has changed since is not applied over, nor taken back", async () => {
    const { cluster, deploy, find, applyOf, write } = await createScene(program, { forceConflicts: true });
    await deploy({});
    await write({ size: "big" });
    const apply = await applyOf(await find());
    await recolour(cluster, "green");
    await expect(apply.run()).rejects.toMatchObject({ code: "KUBERNETES_MOVED", data: { objects: ["ConfigMap shop/web"] } });
    await apply.undo();
    expect(await dataOf(cluster)).toEqual({ colour: "green" });
  });

  test("manifests that have changed since, and another cluster, are refused", async () => {
    const { find, applyOf, write, manifests, kubeconfig } = await createScene(program);
    const found = await find();
    const apply = await applyOf(found);
    await write({ colour: "red" });
    await expect(apply.run()).rejects.toMatchObject({ code: "KUBERNETES_MANIFESTS_CHANGED", data: { manifests: [manifests] } });
    const { cluster: other } = await clusterForTest();
    await writeFile(kubeconfig, other.kubeconfig);
    const elsewhere = await applyOf(found);
    await expect(elsewhere.run()).rejects.toMatchObject({ code: "KUBERNETES_CLUSTER_DIFFERS", data: { found: other.url } });
  });

  test("a rollout that fails, and one that takes too long, is said, and can be taken back", async () => {
    const { cluster, deploy, find, applyOf, write } = await createScene(program, { rollout: "100ms" });
    await deploy({});
    await cluster.configure({ rollouts: "failed" });
    await write({ image: "shop/web:2" });
    const bad = await applyOf(await find());
    await expect(bad.run()).rejects.toMatchObject({
      code: "KUBERNETES_ROLLOUT_FAILED",
      data: { problems: [expect.stringMatching(/^Deployment shop\/web: it exceeded its progress deadline/) as string] },
    });
    expect(await bad.observe()).toMatchObject({ status: "failed" });
    await cluster.configure({ rollouts: "stuck" });
    await expect(bad.run()).rejects.toMatchObject({
      data: { problems: [expect.stringMatching(/^Deployment shop\/web: 0 of 1 replicas are new after 100 ms/) as string] },
    });
    expect(await bad.observe()).toEqual({ status: "in-progress" });
    await cluster.configure({ rollouts: "complete" });
    await bad.undo();
    expect(await bad.observe()).toEqual({ status: "absent" });
  });

  test("one that was cut off between two objects goes on from there", async () => {
    const { cluster, find, applyOf } = await createScene(program);
    const apply = await applyOf(await find());
    await cluster.fault({ kind: "status", status: 503, match: { operation: "deployment.apply" }, every: true });
    await expect(apply.run()).rejects.toMatchObject({ code: "KUBERNETES_UNREACHABLE", retryable: true });
    await cluster.clearFaults();
    expect(await apply.observe()).toEqual({ status: "in-progress" });
    await apply.run();
    expect(await apply.observe()).toMatchObject({ status: "applied", output: { created: ["ConfigMap shop/web", "Deployment shop/web"] } });
    expect(await effectsOf(cluster)).toEqual(["object.created ConfigMap shop/web", "object.created Deployment shop/web"]);
    await apply.undo();
    expect(await objectOf(cluster, "Deployment", "web")).toBeUndefined();
  });

  test("the way back is closed where it is not known how the objects were", async () => {
    const { find, applyOf, workFolder, home } = await createScene(program);
    const apply = await applyOf(await find());
    await apply.run();
    const { rm } = await import("node:fs/promises");
    await rm(workFolder, { recursive: true });
    expect(existsSync(home)).toBe(true);
    await expect(apply.undo()).rejects.toMatchObject({ code: "KUBERNETES_BEFORE_GONE" });
  });

  test("a cluster that is not there is an error that may pass", async () => {
    const { cluster, find } = await createScene(program);
    await cluster.stop();
    await expect(find()).rejects.toMatchObject({ code: "KUBERNETES_UNREACHABLE" });
  });

  test("what the server complains of is in the error", async () => {
    const { find, manifests } = await createScene(program);
    await writeFile(manifests, JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", namespace: "elsewhere" } }));
    await expect(find()).rejects.toMatchObject({
      code: "KUBERNETES_FAILED",
      data: { output: expect.stringContaining('namespaces "elsewhere" not found') as string },
    });
  });
});

test("a Secret is refused when the deployment is planned, however it is written", async () => {
  const { home } = await clusterForTest();
  for (const [index, text] of [
    "apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n",
    'apiVersion: v1\nkind: "Secret" # of course\n',
    "a: b\n---\n'kind': 'Secret'\n",
    "- kind: Secret\n",
    "{apiVersion: v1, kind: Secret, metadata: {name: a}}\n",
    JSON.stringify({ kind: "List", items: [{ apiVersion: "v1", kind: "Secret" }] }),
    "apiVersion: v1\r\nkind: Secret\r\n",
  ].entries()) {
    const manifests = join(home, `${String(index)}.yaml`);
    await writeFile(manifests, text);
    const [plan] = await stepsOf(kubernetes({ manifests }));
    expect(() => plan?.input, text).toThrow(expect.objectContaining({ code: "KUBERNETES_SECRET" }) as Error);
  }
  const manifests = join(home, "fine.yaml");
  await writeFile(manifests, "kind: ExternalSecret\nspec:\n  secretStoreRef:\n    kind: SecretStore\n");
  const [plan] = await stepsOf(kubernetes({ manifests }));
  expect(() => plan?.input).not.toThrow();
});

test("manifests that are not there are told when the deployment is planned, and URLs are none", async () => {
  const [plan] = await stepsOf(kubernetes({ manifests: "/nowhere/app.yaml" }));
  expect(() => plan?.input).toThrow(expect.objectContaining({ code: "KUBERNETES_MANIFESTS_UNREADABLE" }) as Error);
  await expect(stepsOf(kubernetes({ manifests: "https://example.com/app.yaml" }))).rejects.toThrow("Write a path");
});
