import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildScript } from "../../support/build-entry.js";
import { createDeployer, sqliteStore, type Deployer, type StoredEvent } from "../../../src/index.js";

/** What a host says. */
export type HostMessage =
  | { readonly type: "ready" | "left" }
  | { readonly type: "at"; readonly step: "prepare" | "promote" }
  | { readonly type: "replace"; readonly candidate: string }
  | { readonly type: "deploying"; readonly id: string };

/** What a host is told. */
export type HostOrder = { readonly type: "deploy"; readonly release: string } | { readonly type: "exit" };

export interface Host {
  readonly pid: number;
  /** Resolves with the first message of this kind, also where it has come already. */
  said<Type extends HostMessage["type"]>(type: Type): Promise<Extract<HostMessage, { readonly type: Type }>>;
  order(order: HostOrder): void;
  kill(signal: NodeJS.Signals): void;
  /** Resolves when it is gone. */
  readonly gone: Promise<void>;
}

/** The script of a host, built once for all that a test file starts. */
export async function buildHost(): Promise<string> {
  return join(await buildScript("host", join(import.meta.dirname, "host.ts")), "host.mjs");
}

/** Hosts of one application on one journal, each in a process of its own. */
export interface Hosts {
  start(options?: { readonly candidate?: string; readonly env?: Readonly<Record<string, string>> }): Promise<Host>;
  eventsOf(deploymentId: string): Promise<readonly StoredEvent[]>;
  /** Resolves when it has ended, with its phase. */
  ended(deploymentId: string): Promise<string>;
  stop(): Promise<void>;
}

export function createHosts(script: string): Hosts {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-fleet-"));
  writeFileSync(join(folder, "serving"), "");
  const hosts: Host[] = [];
  const store = sqliteStore({ path: join(folder, "journal.db"), singleMachine: true });
  const reader: Deployer = createDeployer({ application: "shop", store, plugins: [], environments: {} });
  return {
    async start({ candidate = "", env = {} } = {}) {
      const host = startHost(script, [folder, candidate], env);
      hosts.push(host);
      await host.said("ready");
      return host;
    },
    eventsOf: (id) => store.read(`deployment/shop/${id}`),
    ended: async (id) => (await (await reader.deployment(id)).result()).phase,
    async stop() {
      for (const host of hosts) host.kill("SIGKILL");
      await Promise.all(hosts.map(({ gone }) => gone));
      await reader.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function startHost(script: string, words: readonly string[], env: Readonly<Record<string, string>>): Host {
  const child = fork(script, [...words], {
    execArgv: [],
    env: { ...process.env, ...env },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const messages: HostMessage[] = [];
  const listeners = new Set<() => void>();
  const change = (): void => {
    for (const listener of listeners) listener();
  };
  child.on("message", (message: HostMessage) => {
    messages.push(message);
    change();
  });
  const gone = once(child, "exit").then(change);
  return {
    pid: child.pid ?? 0,
    gone,
    said: (type) => heard(child, { messages, listeners, type }),
    order: (order) => void child.send(order),
    kill: (signal) => void child.kill(signal),
  };
}

function heard<Type extends HostMessage["type"]>(
  child: ChildProcess,
  { messages, listeners, type }: { readonly messages: readonly HostMessage[]; readonly listeners: Set<() => void>; readonly type: Type },
): Promise<Extract<HostMessage, { readonly type: Type }>> {
  const isMeant = (message: HostMessage): message is Extract<HostMessage, { readonly type: Type }> => message.type === type;
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const found = messages.find(isMeant);
      if (found === undefined && child.exitCode === null && child.signalCode === null) return;
      listeners.delete(look);
      if (found === undefined) reject(new Error(`The host is gone and never said "${type}"`));
      else resolve(found);
    };
    listeners.add(look);
    look();
  });
}
