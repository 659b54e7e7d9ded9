import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Json, JsonObject } from "@fairlead/core";
import { describe, expect, onTestFinished, test } from "vitest";
import * as z from "zod";
import { createKubernetesEmulator, type KubernetesEmulator } from "./kubernetes-emulator.js";
import type { KubernetesEmulatorOptions } from "./kubernetes-options.js";

async function start(options: KubernetesEmulatorOptions = {}): Promise<KubernetesEmulator> {
  const emulator = await createKubernetesEmulator({ namespaces: ["shop"], ...options }).listen();
  onTestFinished(() => emulator.stop());
  return emulator;
}

const place = "/api/v1/namespaces/shop/configmaps/web";
const configMap = (data: JsonObject): JsonObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "web", namespace: "shop" },
  data,
});

async function ask(emulator: KubernetesEmulator, method: string, path: string, value?: Json) {
  const type = method === "PATCH" ? "application/apply-patch+yaml" : "application/json";
  const body = value === undefined ? {} : { body: JSON.stringify(value), headers: { "content-type": type } };
  const response = await fetch(emulator.url + path, { method, ...body });
  return { status: response.status, body: (await response.json()) as JsonObject };
}
const apply = (emulator: KubernetesEmulator, manager: string, data: JsonObject, more = "") =>
  ask(emulator, "PATCH", `${place}?fieldManager=${manager}${more}`, configMap(data));

test("what is applied is owned; what its owner leaves out goes, and what is another's stays", async () => {
  const emulator = await start();
  expect((await apply(emulator, "one", { colour: "blue", size: "big" })).status).toBe(201);
  expect((await apply(emulator, "two", { size: "big", shape: "round" })).status).toBe(200);
  const { body } = await apply(emulator, "one", { colour: "red" });
  expect(body["data"]).toEqual({ colour: "red", size: "big", shape: "round" });
  const { body: second } = await apply(emulator, "two", {});
  expect(second["data"]).toEqual({ colour: "red" });
  expect((await emulator.ledger()).effects.map(({ kind }) => kind)).toEqual([
    "object.created",
    "object.changed",
    "object.changed",
    "object.changed",
  ]);
});

test("another's field is a conflict, unless it is forced", async () => {
  const emulator = await start();
  await apply(emulator, "one", { colour: "blue" });
  const refused = await apply(emulator, "two", { colour: "red" });
  expect(refused).toMatchObject({
    status: 409,
    body: { kind: "Status", reason: "Conflict", message: 'Apply failed with 1 conflict: conflict with "one": .data.colour' },
  });
  expect((await apply(emulator, "two", { colour: "red" }, "&force=true")).body["data"]).toEqual({ colour: "red" });
  expect((await apply(emulator, "one", { colour: "blue" })).status).toBe(409);
});

test("a dry run answers what would be, and nothing is changed; applying the same again changes nothing either", async () => {
  const emulator = await start();
  expect((await apply(emulator, "one", { colour: "blue" }, "&dryRun=All")).body["data"]).toEqual({ colour: "blue" });
  expect((await ask(emulator, "GET", place)).status).toBe(404);
  const first = await apply(emulator, "one", { colour: "blue" });
  const again = await apply(emulator, "one", { colour: "blue" });
  const versionOf = ({ body }: typeof first): unknown => (body["metadata"] as JsonObject)["resourceVersion"];
  expect(versionOf(again)).toBe(versionOf(first));
  expect((await emulator.ledger()).effects).toHaveLength(1);
});

test("who replaces an object that has changed since is refused", async () => {
  const emulator = await start();
  const { body } = await apply(emulator, "one", { colour: "blue" });
  await apply(emulator, "one", { colour: "red" });
  expect((await ask(emulator, "PUT", place, body)).status).toBe(409);
});

test("a rollout takes its time, by its own clock", async () => {
  const emulator = await start({ clock: "manual", settings: { rolloutAfter: "10s" } });
  const path = "/apis/apps/v1/namespaces/shop/deployments/web";
  const spec = {
    selector: { matchLabels: { app: "web" } },
    template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image: "a:1" }] } },
  };
  await ask(emulator, "PATCH", `${path}?fieldManager=one`, { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" }, spec });
  expect((await ask(emulator, "GET", path)).body["status"]).toMatchObject({ updatedReplicas: 0 });
  await emulator.advance("10s");
  expect((await ask(emulator, "GET", path)).body["status"]).toMatchObject({ updatedReplicas: 1, availableReplicas: 1 });
});

const run = promisify(execFile);
const isInstalled = await run("kubectl", ["version", "--client"]).then(
  () => true,
  () => false,
);

describe.skipIf(!isInstalled)("to the unmodified kubectl it is a cluster", { timeout: 180_000 }, () => {
  test("that applies, differs, rolls out, waits and deletes", async () => {
    const emulator = await start({ settings: { rolloutAfter: "300ms" } });
    const home = await mkdtemp(join(tmpdir(), "kubectl-"));
    onTestFinished(() => rm(home, { recursive: true }));
    await writeFile(join(home, "config"), emulator.kubeconfig);
    const manifests = (image: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - { name: web, image: "${image}", env: [{ name: MODE, value: live }], ports: [{ containerPort: 80 }] }
---
apiVersion: batch/v1
kind: Job
metadata: { name: seed, namespace: shop }
spec: { template: { spec: { restartPolicy: Never, containers: [{ name: seed, image: "seed:1" }] } } }
`;
    const file = join(home, "app.yaml");
    await writeFile(file, manifests("web:1"));
    const env = { ...process.env, KUBECONFIG: join(home, "config"), KUBECACHEDIR: join(home, "cache") };
    const kubectl = (...words: string[]) =>
      run("kubectl", words, { env }).then(
        ({ stdout }) => ({ code: 0, stdout, stderr: "" }),
        (error: unknown) => z.object({ code: z.number(), stdout: z.string(), stderr: z.string() }).parse(error),
      );
    const applying = ["apply", "--server-side", "--field-manager=one", "-f", file];
    expect(await kubectl(...applying, "--dry-run=server", "-o", "name")).toMatchObject({
      code: 0,
      stdout: "deployment.apps/web\njob.batch/seed\n",
    });
    expect((await kubectl("get", "-f", file, "--ignore-not-found", "-o", "name")).stdout).toBe("");
    expect((await kubectl(...applying)).stdout).toBe("deployment.apps/web serverside-applied\njob.batch/seed serverside-applied\n");
    expect((await kubectl("rollout", "status", "-n", "shop", "deployment/web")).stdout).toContain("successfully rolled out");
    expect((await kubectl("wait", "-n", "shop", "--for=condition=complete", "job/seed")).stdout).toContain("condition met");

    await writeFile(file, manifests("web:2"));
    const difference = await kubectl("diff", "--server-side", "--field-manager=one", "-f", file);
    expect(difference.code).toBe(1);
    expect(difference.stdout).toMatch(/^-\s+image: web:1$/m);
    expect(difference.stdout).toMatch(/^\+\s+image: web:2$/m);
    const refused = await kubectl("apply", "--server-side", "--field-manager=other", "-f", file);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('conflict with "one": .spec.template.spec.containers[name="web"].image');
    expect((await kubectl(...applying)).code).toBe(0);

    expect((await kubectl("delete", "-f", file, "--wait=true")).stdout).toBe('deployment.apps "web" deleted\njob.batch "seed" deleted\n');
    const { effects } = await emulator.ledger();
    expect(effects.map(({ kind, subject }) => `${kind} ${subject}`)).toEqual([
      "object.created Deployment shop/web",
      "object.created Job shop/seed",
      // The other one manages it too now.
      "object.changed Job shop/seed",
      "object.changed Deployment shop/web",
      "object.deleted Deployment shop/web",
      "object.deleted Job shop/seed",
    ]);
  });
});
