import {
  installKubectlEmulator,
  startKubernetesEmulator,
  type KubernetesEmulator,
  type KubernetesEmulatorOptions,
} from "@fairlead/testing/emulators";
import { accessSync, constants, mkdtempSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { onTestFinished } from "vitest";

const emulator = await installKubectlEmulator(mkdtempSync(join(tmpdir(), "kubectl-emulator-")));

const installed = (process.env["PATH"] ?? "")
  .split(delimiter)
  .map((folder) => join(folder, "kubectl"))
  .find(isProgram);

/** The emulator of the program, and the program itself where it is installed here. Either talks to the emulator of the API. */
export const kubectlPrograms: readonly { readonly name: string; readonly program: string }[] = [
  { name: "the emulator", program: emulator },
  ...(installed === undefined ? [] : [{ name: "kubectl", program: installed }]),
];

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A cluster, and a folder with its kubeconfig. */
export async function startCluster(options: KubernetesEmulatorOptions = {}): Promise<{
  readonly cluster: KubernetesEmulator;
  readonly home: string;
  readonly kubeconfig: string;
  readonly stop: () => Promise<void>;
}> {
  const home = mkdtempSync(join(tmpdir(), "kubernetes-"));
  const cluster = await startKubernetesEmulator({ namespaces: ["shop"], ...options });
  const kubeconfig = join(home, "kubeconfig");
  await writeFile(kubeconfig, cluster.kubeconfig, { mode: 0o600 });
  const stop = async (): Promise<void> => {
    await cluster.stop();
    await rm(home, { recursive: true, force: true });
  };
  return { cluster, home, kubeconfig, stop };
}

/** A cluster that is gone after the test. */
export async function clusterForTest(options: KubernetesEmulatorOptions = {}): ReturnType<typeof startCluster> {
  const started = await startCluster(options);
  onTestFinished(() => started.stop());
  return started;
}

/** What of the objects the tests say. */
export interface Workload {
  readonly colour?: string;
  readonly size?: string;
  readonly image?: string;
  readonly job?: boolean;
}

/** Writes manifests in the syntax that both programs read: a ConfigMap and a Deployment, and a Job where it is wanted. */
export async function writeManifests(
  file: string,
  { colour = "blue", size, image = "shop/web:1", job = false }: Workload = {},
): Promise<void> {
  const named = (name: string) => ({ name, namespace: "shop" });
  const podOf = (name: string, container: object) => ({
    metadata: { labels: { app: name } },
    spec: { containers: [{ name, ...container }] },
  });
  const items = [
    { apiVersion: "v1", kind: "ConfigMap", metadata: named("web"), data: { colour, ...(size === undefined ? {} : { size }) } },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: named("web"),
      spec: {
        selector: { matchLabels: { app: "web" } },
        template: podOf("web", { image, env: [{ name: "MODE", value: "live" }], ports: [{ containerPort: 80 }] }),
      },
    },
    ...(job
      ? [{ apiVersion: "batch/v1", kind: "Job", metadata: named("seed"), spec: { template: podOf("seed", { image: "shop/seed:1" }) } }]
      : []),
  ];
  await writeFile(file, items.map((item) => `---\n${JSON.stringify(item)}\n`).join(""));
}
