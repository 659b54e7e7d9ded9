import type { LogLine } from "@fairlead/core";
import type { ContainerFacts, EngineFacts, ImageFacts } from "./facts.js";

/** How a container is to be made. */
export interface ContainerSpecification {
  /** An image id, never a tag: a tag may have moved since it was looked at. */
  readonly imageId: string;
  readonly command?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly stopSignal?: string;
  readonly stopSeconds: number;
  readonly network?: string;
  readonly memoryBytes?: number;
}

export interface RegistryCredentials {
  readonly username: string;
  readonly password: string;
}

/** `no`: it stays down when it ends. `unless-stopped`: the engine starts it again, also after a reboot, until somebody stops it. */
export type RestartPolicy = "no" | "unless-stopped";

/**
 * What is asked of a Docker engine. What is already so counts as done: starting what runs, stopping what does not, removing what is gone. Every call has a time
 * limit of its own, ends when the signal aborts, and throws errors of `dockerErrors` only.
 */
export interface DockerEngine {
  about(signal: AbortSignal): Promise<EngineFacts>;
  /** Epoch milliseconds by the engine's clock, which is the one of all times it reports. */
  now(signal: AbortSignal): Promise<number>;
  /** An image that is here. */
  image(reference: string, signal: AbortSignal): Promise<ImageFacts | undefined>;
  /** The digest that a registry has for a reference now: `sha256:<hex>`. Downloads nothing. Rejects with what the registry or the engine says. */
  registryDigest(reference: string, credentials: RegistryCredentials | undefined, signal: AbortSignal): Promise<string>;
  /** Rejects with what the registry or the engine says. */
  pull(reference: string, credentials: RegistryCredentials | undefined, signal: AbortSignal): Promise<void>;
  hasNetwork(name: string, signal: AbortSignal): Promise<boolean>;
  /** Makes a container without starting it, with the restart policy `no`. */
  create(name: string, specification: ContainerSpecification, signal: AbortSignal): Promise<"created" | "name-taken">;
  /** Ids of the containers that have all of these labels, running or not. */
  find(labels: Readonly<Record<string, string>>, signal: AbortSignal): Promise<readonly string[]>;
  /** A container by its id or name. */
  container(idOrName: string, signal: AbortSignal): Promise<ContainerFacts | undefined>;
  start(id: string, signal: AbortSignal): Promise<void>;
  /** Sends the stop signal and resolves when it has ended; after `seconds` it is killed. */
  stop(id: string, seconds: number, signal: AbortSignal): Promise<void>;
  setRestartPolicy(id: string, policy: RestartPolicy, signal: AbortSignal): Promise<void>;
  /** Removes a container that does not run, and resolves when it is gone. */
  remove(id: string, signal: AbortSignal): Promise<void>;
  /** When a file in a container was last written; `undefined` if there is none. Needs no program in the container; does not see into tmpfs mounts. */
  fileModifiedAt(id: string, path: string, signal: AbortSignal): Promise<number | undefined>;
  /** What a container has written, oldest first, without waiting for more. */
  logs(id: string, options: { readonly since?: string; readonly last?: number }, signal: AbortSignal): AsyncIterable<LogLine>;
}
