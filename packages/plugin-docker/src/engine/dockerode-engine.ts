import { fail, withDeadline, type Clock } from "@fairlead/core";
import type Dockerode from "dockerode";
import type { IncomingMessage } from "node:http";
import { dockerErrors } from "../docker-errors.js";
import type { ContainerSpecification, DockerEngine, RegistryCredentials } from "./docker-engine.js";
import {
  readContainer,
  readIds,
  readImage,
  readModificationTime,
  readNetworkNames,
  readRegistryDigest,
  readSystemTime,
  readVersion,
} from "./engine-answers.js";
import { statusOf, toDockerError, wordsOf } from "./engine-problem.js";
import { parseImageReference } from "./image-reference.js";
import { toLogLines } from "./log-lines.js";
import { readProgress } from "./progress.js";

/** Most the engine may take for an answer, in milliseconds. */
const patience = 10_000;

/** Most it may be silent while it pulls, in milliseconds. */
const pullPatience = 60_000;

/** Most that the pieces of one line of a log lie apart, in milliseconds: the engine would leave out the first ones of a line that was complete in time. */
const lineTime = 1_000;

/** How often it is asked whether a container that is being removed is gone, in milliseconds. */
const removalPoll = 100;

/** What is below dockerode's methods. Some of those ignore the signal, and `logs` reads a whole log into memory. */
interface Transport {
  dial(request: object, callback: (error: Error | null, answer: unknown) => void): void;
}

/**
 * The Docker engine at a local socket, through dockerode: the only file that knows it. dockerode is loaded with the first call. Every request has a connection of its
 * own, so that an engine that was restarted never meets a dead one.
 */
export function createDockerodeEngine({ socketPath, clock }: { readonly socketPath: string; readonly clock: Clock }): DockerEngine {
  let client: Promise<Dockerode> | undefined;
  const connect = (): Promise<Dockerode> => (client ??= load(socketPath));

  /** One request within its time limit; errors come out as `dockerErrors`. */
  async function ask<Answer>(
    operation: string,
    signal: AbortSignal,
    work: (docker: Dockerode, abortSignal: AbortSignal) => Promise<Answer>,
    within = patience,
  ): Promise<Answer> {
    const reason = (): Error => fail(dockerErrors, "DOCKER_TIMEOUT", { operation, after: within });
    try {
      return await withDeadline(clock, { milliseconds: within, signal, reason }, async (inner) => work(await connect(), inner));
    } catch (error) {
      signal.throwIfAborted();
      throw toDockerError(error, { operation, socketPath });
    }
  }

  /** Reads a stream of which every piece has its time limit, and lets go of it in any case. */
  async function* pieces(
    { operation, within = patience }: { readonly operation: string; readonly within?: number },
    signal: AbortSignal,
    open: (docker: Dockerode, abortSignal: AbortSignal) => Promise<AsyncIterable<Buffer>>,
  ): AsyncGenerator<Buffer> {
    const connection = new AbortController();
    try {
      const stream = await ask(operation, signal, (docker) => open(docker, connection.signal), within);
      const iterator = stream[Symbol.asyncIterator]();
      for (;;) {
        const next = await ask(operation, signal, () => iterator.next(), within);
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      connection.abort();
    }
  }

  const inspect: DockerEngine["container"] = async (idOrName, signal) => {
    const answer = await ask("inspect a container", signal, (docker, abortSignal) =>
      containerOf(docker, idOrName).inspect({ abortSignal }).catch(unless(404)),
    );
    return answer === undefined ? undefined : readContainer(answer);
  };

  return {
    about: async (signal) =>
      readVersion(await ask("say its version", signal, (docker, abortSignal) => get(docker, "/version", { abortSignal }))),
    now: async (signal) =>
      readSystemTime(await ask("say its time", signal, (docker, abortSignal) => get(docker, "/info", { abortSignal }))),

    async image(reference, signal) {
      const path = `/images/${encodeURIComponent(reference)}/json`;
      const answer = await ask("inspect an image", signal, (docker, abortSignal) => get(docker, path, { abortSignal }).catch(unless(404)));
      return answer === undefined ? undefined : readImage(answer);
    },

    async registryDigest(reference, credentials, signal) {
      const path = `/distribution/${reference.split("/").map(encodeURIComponent).join("/")}/json`;
      const authconfig = toLogin(reference, credentials);
      return readRegistryDigest(
        await ask("ask a registry for an image", signal, (docker, abortSignal) => get(docker, path, { abortSignal, authconfig })),
      );
    },

    async pull(reference, credentials, signal) {
      const operation = "pull an image";
      const { repository: fromImage, version: tag } = parseImageReference(reference);
      const auth = toLogin(reference, credentials);
      const progress = pieces({ operation, within: pullPatience }, signal, async (docker, abortSignal) =>
        toBuffers(await docker.createImage(auth, { fromImage, tag, abortSignal })),
      );
      const problem = await readProgress(progress);
      if (problem !== undefined) throw fail(dockerErrors, "DOCKER_ENGINE_FAILED", { operation, status: 200, problem });
    },

    async hasNetwork(name, signal) {
      const answer = await ask("list networks", signal, (docker, abortSignal) =>
        docker.listNetworks({ filters: { name: [name] }, abortSignal }),
      );
      return readNetworkNames(answer).includes(name);
    },

    async create(name, specification, signal) {
      const answer = await ask("create a container", signal, (docker, abortSignal) =>
        docker.createContainer({ ...toRequest(name, specification), abortSignal }).catch(unless(409)),
      );
      return answer === undefined ? "name-taken" : "created";
    },

    async find(labels, signal) {
      const label = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
      const answer = await ask("list containers", signal, (docker, abortSignal) =>
        docker.listContainers({ all: true, filters: { label }, abortSignal }),
      );
      return readIds(answer);
    },

    container: inspect,

    async start(id, signal) {
      await ask("start a container", signal, (docker, abortSignal) => containerOf(docker, id).start({ abortSignal }).catch(unless(304)));
    },

    async stop(id, seconds, signal) {
      const stop = async (docker: Dockerode, abortSignal: AbortSignal): Promise<void> => {
        await containerOf(docker, id).stop({ t: seconds, abortSignal }).catch(unless(304, 404));
      };
      await ask("stop a container", signal, stop, seconds * 1_000 + patience);
    },

    async setRestartPolicy(id, policy, signal) {
      await ask("update a container", signal, (docker, abortSignal) =>
        containerOf(docker, id).update({ RestartPolicy: { Name: policy }, abortSignal }),
      );
    },

    async remove(id, signal) {
      const remove = async (docker: Dockerode, abortSignal: AbortSignal): Promise<void> => {
        await containerOf(docker, id).remove({ v: true, abortSignal }).catch(unlessGoing);
      };
      await ask("remove a container", signal, remove);
      while ((await inspect(id, signal)) !== undefined) await clock.sleep(removalPoll, { signal });
    },

    async fileModifiedAt(id, path, signal) {
      const look = async (docker: Dockerode, abortSignal: AbortSignal): Promise<IncomingMessage | undefined> => {
        const answer: unknown = await containerOf(docker, id).infoArchive({ path, abortSignal }).catch(unless(404));
        return answer as IncomingMessage | undefined;
      };
      const answer = await ask("look at a file of a container", signal, look);
      answer?.resume();
      return answer === undefined ? undefined : readModificationTime(answer.headers["x-docker-container-path-stat"]);
    },

    async *logs(id, { since, last }, signal) {
      const from = since === undefined ? undefined : Date.parse(since);
      const options = {
        stdout: 1,
        stderr: 1,
        timestamps: 1,
        tail: last ?? "all",
        ...(from === undefined ? {} : { since: toSeconds(from - lineTime) }),
      };
      const open = async (docker: Dockerode, abortSignal: AbortSignal): Promise<AsyncIterable<Buffer>> =>
        toBuffers(
          (await get(docker, `/containers/${encodeURIComponent(id)}/logs?`, { options, abortSignal, isStream: true })) as IncomingMessage,
        );
      for await (const line of toLogLines(pieces({ operation: "read the log of a container" }, signal, open))) {
        if (from === undefined || Date.parse(line.at) >= from) yield line;
      }
    },
  };
}

async function load(socketPath: string): Promise<Dockerode> {
  const { default: Client } = await import("dockerode");
  // Everything that the client would else take from DOCKER_HOST and its companions is set, so that the configuration alone decides.
  const nothing = { host: undefined, port: undefined, ca: undefined, cert: undefined, key: undefined, timeout: undefined };
  return new Client({ ...nothing, socketPath, protocol: "http", headers: { Connection: "close" } });
}

function toRequest(name: string, specification: ContainerSpecification): Dockerode.ContainerCreateOptions {
  const { imageId, command, environment, labels, stopSignal, stopSeconds, network, memoryBytes } = specification;
  const body: Dockerode.ContainerCreateOptions = {
    Image: imageId,
    ...(command === undefined ? {} : { Cmd: [...command] }),
    Env: Object.entries(environment).map(([key, value]) => `${key}=${value}`),
    Labels: labels,
    ...(stopSignal === undefined ? {} : { StopSignal: stopSignal }),
    StopTimeout: stopSeconds,
    HostConfig: {
      RestartPolicy: { Name: "no" },
      ...(network === undefined ? {} : { NetworkMode: network }),
      ...(memoryBytes === undefined ? {} : { Memory: memoryBytes, MemorySwap: memoryBytes }),
    },
  };
  // Without this split the client writes the whole specification, environment included, into the URL as well.
  const split: object = { _query: { name }, _body: body };
  return split;
}

function toLogin(reference: string, credentials: RegistryCredentials | undefined): object {
  return credentials === undefined ? {} : { ...credentials, serveraddress: parseImageReference(reference).registry };
}

/** dockerode writes an id into the URL as it is. */
function containerOf(docker: Dockerode, idOrName: string): Dockerode.Container {
  return docker.getContainer(encodeURIComponent(idOrName));
}

/** Turns an answer with one of these statuses into `undefined`: there it is no failure. */
function unless(...statuses: readonly number[]): (error: unknown) => undefined {
  return (error) => {
    if (statuses.includes(statusOf(error) ?? 0)) return undefined;
    throw error;
  };
}

/** A container that is gone, or on its way, needs no removing. */
function unlessGoing(error: unknown): undefined {
  const status = statusOf(error);
  if (status === 404 || (status === 409 && wordsOf(error).includes("already in progress"))) return undefined;
  throw error;
}

function get(
  docker: Dockerode,
  path: string,
  request: { readonly abortSignal: AbortSignal; readonly options?: object; readonly authconfig?: object; readonly isStream?: boolean },
): Promise<unknown> {
  const transport: Transport = docker.modem;
  return new Promise((resolve, reject) => {
    transport.dial({ ...request, path, method: "GET", statusCodes: { 200: true } }, (error, answer) => {
      if (error === null) resolve(answer);
      else reject(error);
    });
  });
}

async function* toBuffers(stream: NodeJS.ReadableStream): AsyncIterable<Buffer> {
  for await (const chunk of stream) yield typeof chunk === "string" ? Buffer.from(chunk) : chunk;
}

/** Milliseconds since the epoch as the engine takes a time. */
function toSeconds(milliseconds: number): string {
  return (Math.max(0, milliseconds) / 1_000).toFixed(3);
}
