import type { JsonObject } from "@fairlead/core";
import { createControlClient, type EmulatorControl } from "../shared/control-client.js";
import type { Ledger } from "../shared/ledger.js";
import { toStoppable, type EmulatorDraft, type RunningEmulator, type Stoppable } from "../shared/running-emulator.js";
import { spawnEmulator } from "../spawn-emulator.js";
import type { KubernetesEmulatorOptions, KubernetesSettings } from "./kubernetes-options.js";
import { runKubernetesEmulator } from "./run-kubernetes-emulator.js";

/** What the emulated cluster holds; the content of Secrets is not shown. */
export interface KubernetesView {
  readonly settings: KubernetesSettings;
  readonly objects: readonly JsonObject[];
}

/** A running emulator of the Kubernetes API, from any process. */
export type KubernetesEmulatorControl = EmulatorControl<Ledger, KubernetesView, KubernetesSettings>;

/** A running emulator of the Kubernetes API that this process started. */
export interface KubernetesEmulator extends KubernetesEmulatorControl, Stoppable {
  readonly url: string;
  /** A kubeconfig that names it, as JSON, which every client reads: one context, `emulator`. */
  readonly kubeconfig: string;
}

/**
 * Starts an emulator of the Kubernetes API in a process of its own: discovery, reading, watching, creating, replacing and deleting objects, and server-side apply with owners of fields, conflicts
 * and dry runs, as the unmodified `kubectl` uses them, for the kinds that deployments are made of. Controllers are imitated: what was changed is rolled out after `rolloutAfter`, or as the
 * settings say. It asks for no credentials, which clients send over TLS alone. Throws `EMULATOR_START_FAILED`.
 */
export async function startKubernetesEmulator(options: KubernetesEmulatorOptions = {}): Promise<KubernetesEmulator> {
  return toEmulator(await spawnEmulator("kubernetes", options));
}

/** An emulator of the Kubernetes API in this process. */
export function createKubernetesEmulator(options: KubernetesEmulatorOptions = {}): EmulatorDraft<KubernetesEmulator> {
  return { listen: async () => toEmulator(await runKubernetesEmulator(options)) };
}

/** An emulator of the Kubernetes API that another process started. */
export function connectKubernetesEmulator(url: string): KubernetesEmulatorControl {
  return createControlClient<Ledger, KubernetesView, KubernetesSettings>(url);
}

function toEmulator(running: RunningEmulator): KubernetesEmulator {
  const { url = "" } = running.address;
  const kubeconfig = JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "emulator", cluster: { server: url } }],
    users: [],
    contexts: [{ name: "emulator", context: { cluster: "emulator", namespace: "default" } }],
    "current-context": "emulator",
  });
  return { ...connectKubernetesEmulator(url), url, kubeconfig, ...toStoppable(running) };
}
