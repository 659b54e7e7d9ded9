import { digestOf, fail, type Clock } from "@fairlead/core";
import { dockerErrors } from "../../src/docker-errors.js";
import type { ContainerSpecification, DockerEngine } from "../../src/engine/docker-engine.js";
import { parseImageReference } from "../../src/engine/image-reference.js";
import type { ContainerFacts, ImageFacts } from "../../src/engine/facts.js";

/** How containers of an image behave; times in milliseconds since their start. */
export interface Behaviour {
  readonly endsAfter?: number;
  readonly exitCode?: number;
  readonly refusesToStart?: string;
  readonly health?: (age: number) => "starting" | "healthy" | "unhealthy";
  /** Age of the last heartbeat. */
  readonly heartbeat?: (age: number) => number | undefined;
  readonly stopTakes?: number;
  readonly exitCodeOnStop?: number;
  readonly writes?: readonly string[];
}

/** A local image or one at a registry. */
export interface FakeImage extends Partial<ImageFacts> {
  readonly id: string;
  /** Of its manifest at a registry. */
  readonly digest?: string;
  readonly behaviour?: Behaviour;
}

interface Container {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  readonly specification: ContainerSpecification;
  status: ContainerFacts["status"];
  policy: string;
  startedAt?: number;
  finishedAt?: number;
  exitCode: number;
  engineError: string;
  restarts: number;
}

export interface FakeEngine extends DockerEngine {
  /** Images that are here, by reference. */
  readonly images: Map<string, FakeImage>;
  /** Images at registries, by reference; an error is what the engine says about the registry. */
  readonly registry: Map<string, FakeImage | Error>;
  readonly containers: Map<string, Container>;
  /** What has changed, in order: `start one`, `stop one`, … */
  readonly effects: string[];
  /** References whose digest a registry was asked for, with the user that asked. */
  readonly digests: { readonly reference: string; readonly username: string | undefined }[];
  /** References that were pulled, with the user that asked. */
  readonly pulls: { readonly reference: string; readonly username: string | undefined }[];
}

/** A Docker engine in memory, on the clock that it is given plus `ahead`. */
export function createFakeEngine(clock: Clock, { ahead = 0 }: { readonly ahead?: number } = {}): FakeEngine {
  const images = new Map<string, FakeImage>();
  const registry = new Map<string, FakeImage | Error>();
  const containers = new Map<string, Container>();
  const effects: string[] = [];
  const digests: FakeEngine["digests"] = [];
  const pulls: FakeEngine["pulls"] = [];
  const now = (): number => clock.now() + ahead;

  const behaviourOf = ({ specification }: Container): Behaviour =>
    [...images.values(), ...registry.values()].find((image): image is FakeImage => "id" in image && image.id === specification.imageId)
      ?.behaviour ?? {};

  /** What the engine would have done by itself until now. */
  const catchUp = (container: Container): Container => {
    const { endsAfter, exitCode = 0 } = behaviourOf(container);
    if (container.status !== "running" || endsAfter === undefined || now() - (container.startedAt ?? 0) < endsAfter) return container;
    Object.assign(container, { exitCode, finishedAt: (container.startedAt ?? 0) + endsAfter });
    container.status = container.policy === "unless-stopped" ? "restarting" : "exited";
    return container;
  };

  const find = (idOrName: string): Container | undefined => {
    const found = containers.get(idOrName) ?? [...containers.values()].find(({ name }) => name === idOrName);
    return found === undefined ? undefined : catchUp(found);
  };

  const require = (id: string, operation: string): Container => {
    const container = find(id);
    if (container === undefined)
      throw fail(dockerErrors, "DOCKER_REQUEST_REFUSED", { operation, status: 404, problem: `No such container: ${id}` });
    return container;
  };

  const note = (effect: string, container: Container): void => {
    effects.push(`${effect} ${container.specification.labels["fairlead.release"] ?? container.name}`);
  };

  return {
    images,
    registry,
    containers,
    effects,
    digests,
    pulls,

    async about(signal) {
      signal.throwIfAborted();
      return { version: "27.0.0", apiVersion: "1.46", platform: "linux/amd64" };
    },

    async now(signal) {
      signal.throwIfAborted();
      return now();
    },

    async image(reference, signal) {
      signal.throwIfAborted();
      const image = images.get(reference);
      return image === undefined ? undefined : { entrypoint: [], command: [], ...image };
    },

    async registryDigest(reference, credentials, signal) {
      signal.throwIfAborted();
      digests.push({ reference, username: credentials?.username });
      const found = registry.get(reference) ?? new Error("manifest unknown");
      if (found instanceof Error)
        throw fail(dockerErrors, "DOCKER_ENGINE_FAILED", { operation: "ask", status: 500, problem: found.message });
      return found.digest ?? digestOf(found.id);
    },

    async pull(reference, credentials, signal) {
      signal.throwIfAborted();
      pulls.push({ reference, username: credentials?.username });
      const found = registry.get(reference) ?? new Error("manifest unknown");
      if (found instanceof Error)
        throw fail(dockerErrors, "DOCKER_ENGINE_FAILED", { operation: "pull", status: 500, problem: found.message });
      images.set(reference, found);
      images.set(`${parseImageReference(reference).repository}@${found.digest ?? digestOf(found.id)}`, found);
    },

    async hasNetwork(name, signal) {
      signal.throwIfAborted();
      return name === "bridge";
    },

    async create(name, specification, signal) {
      signal.throwIfAborted();
      if (find(name) !== undefined) return "name-taken";
      const id = `container-${String(containers.size + 1)}`;
      const container: Container = {
        id,
        name,
        createdAt: now(),
        specification,
        status: "created",
        policy: "no",
        exitCode: 0,
        engineError: "",
        restarts: 0,
      };
      containers.set(id, container);
      note("create", container);
      return "created";
    },

    async find(labels, signal) {
      signal.throwIfAborted();
      const matches = ({ specification }: Container): boolean =>
        Object.entries(labels).every(([name, value]) => specification.labels[name] === value);
      return [...containers.values()].filter(matches).map(({ id }) => id);
    },

    async container(idOrName, signal) {
      signal.throwIfAborted();
      const container = find(idOrName);
      if (container === undefined) return undefined;
      const { id, name, createdAt, specification, status, policy, startedAt, finishedAt, exitCode, engineError, restarts } = container;
      const health = status === "running" ? behaviourOf(container).health?.(now() - (startedAt ?? 0)) : undefined;
      return {
        id,
        name,
        labels: specification.labels,
        imageId: specification.imageId,
        createdAt,
        status,
        ...(startedAt === undefined ? {} : { startedAt }),
        ...(finishedAt === undefined ? {} : { finishedAt }),
        exitCode,
        outOfMemory: false,
        engineError,
        restarts,
        restartPolicy: policy,
        ...(health === undefined ? {} : { health: { status: health, outputs: [`said ${health}`] } }),
      };
    },

    async start(id, signal) {
      signal.throwIfAborted();
      const container = require(id, "start");
      if (container.status === "running") return;
      const { refusesToStart } = behaviourOf(container);
      if (refusesToStart !== undefined) {
        container.engineError = refusesToStart;
        throw fail(dockerErrors, "DOCKER_REQUEST_REFUSED", { operation: "start", status: 400, problem: refusesToStart });
      }
      Object.assign(container, { status: "running", startedAt: now(), restarts: 0, engineError: "" });
      note("start", container);
    },

    async stop(id, seconds, signal) {
      signal.throwIfAborted();
      const container = find(id);
      if (container === undefined || container.status === "exited" || container.status === "created") return;
      const { stopTakes = 0, exitCodeOnStop = 0 } = behaviourOf(container);
      const isKilled = stopTakes > seconds * 1_000;
      await clock.sleep(isKilled ? seconds * 1_000 : stopTakes);
      Object.assign(container, { status: "exited", exitCode: isKilled ? 137 : exitCodeOnStop, finishedAt: now() });
      note("stop", container);
    },

    async setRestartPolicy(id, policy, signal) {
      signal.throwIfAborted();
      const container = require(id, "update");
      container.policy = policy;
      note(`policy ${policy}`, container);
    },

    async remove(id, signal) {
      signal.throwIfAborted();
      const container = find(id);
      if (container === undefined) return;
      if (container.status === "running") {
        throw fail(dockerErrors, "DOCKER_REQUEST_REFUSED", { operation: "remove", status: 409, problem: "container is running" });
      }
      containers.delete(container.id);
      note("remove", container);
    },

    async fileModifiedAt(id, _path, signal) {
      signal.throwIfAborted();
      const container = require(id, "look at a file");
      const age = behaviourOf(container).heartbeat?.(now() - (container.startedAt ?? 0));
      return age === undefined ? undefined : now() - age;
    },

    async *logs(id, { last }, signal) {
      signal.throwIfAborted();
      const lines = behaviourOf(require(id, "read logs")).writes ?? [];
      for (const text of lines.slice(-(last ?? lines.length))) yield { at: "2026-01-02T03:04:05Z", text, stream: "stdout" as const };
    },
  };
}

/** Thrown in place of a process that ends: nobody catches it and cleans up. */
export class Killed extends Error {}

/**
 * The same engine for a process that is killed at its call with this number (1, 2, …), before or after it has taken effect. Whoever still holds it can do nothing more.
 */
export function killedAt(
  engine: DockerEngine,
  number: number,
  moment: "before" | "after",
): DockerEngine & { readonly calls: () => number } {
  let calls = 0;
  const handler: ProxyHandler<DockerEngine> = {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (name === "calls") return () => calls;
      if (typeof method !== "function" || name === "logs") return method;
      return async (...parameters: unknown[]): Promise<unknown> => {
        calls += 1;
        if (calls > number || (calls === number && moment === "before")) throw new Killed();
        const answer: unknown = await Reflect.apply(method, target, parameters);
        if (calls === number) throw new Killed();
        return answer;
      };
    },
  };
  return new Proxy(engine, handler) as DockerEngine & { readonly calls: () => number };
}
