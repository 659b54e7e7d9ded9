import { fail } from "@fairlead/core";
import * as z from "zod";
import { dockerErrors } from "../docker-errors.js";
import type { ContainerFacts, EngineFacts, ImageFacts } from "./facts.js";

const texts = z.array(z.string()).nullish();
const labels = z.record(z.string(), z.string()).nullish();

const version = z.object({ Version: z.string(), ApiVersion: z.string(), Os: z.string(), Arch: z.string() });

const image = z.object({
  Id: z.string(),
  Config: z
    .object({
      Entrypoint: texts,
      Cmd: texts,
      Healthcheck: z.object({ Test: texts, Interval: z.number().optional() }).nullish(),
    })
    .nullish(),
});

const container = z.object({
  Id: z.string(),
  Name: z.string(),
  Created: z.string(),
  Image: z.string(),
  RestartCount: z.number(),
  State: z.object({
    Status: z.enum(["created", "running", "paused", "restarting", "removing", "exited", "dead"]),
    StartedAt: z.string(),
    FinishedAt: z.string(),
    ExitCode: z.number(),
    OOMKilled: z.boolean(),
    Error: z.string(),
    Health: z.object({ Status: z.string(), Log: z.array(z.object({ ExitCode: z.number(), Output: z.string() })).nullish() }).nullish(),
  }),
  Config: z.object({ Labels: labels }),
  HostConfig: z.object({ RestartPolicy: z.object({ Name: z.string() }).nullish() }),
});

const information = z.object({ SystemTime: z.string() });
const distribution = z.object({ Descriptor: z.object({ digest: z.string().regex(/^sha256:[0-9a-f]{64}$/) }) });
const identifiers = z.array(z.object({ Id: z.string() }));
const networks = z.array(z.object({ Name: z.string() }));
const pathStatus = z.object({ mtime: z.string() });

/** What the engine uses where an image's HEALTHCHECK names no interval. */
const usualInterval = 30_000;

export function readVersion(answer: unknown): EngineFacts {
  const { Version, ApiVersion, Os, Arch } = read(version, "say its version", answer);
  return { version: Version, apiVersion: ApiVersion, platform: `${Os}/${Arch}` };
}

export function readSystemTime(answer: unknown): number {
  return Date.parse(read(information, "say its time", answer).SystemTime);
}

export function readRegistryDigest(answer: unknown): string {
  return read(distribution, "ask a registry for an image", answer).Descriptor.digest;
}

export function readImage(answer: unknown): ImageFacts {
  const { Id, Config } = read(image, "inspect an image", answer);
  const { Test, Interval } = Config?.Healthcheck ?? {};
  const hasHealthcheck = Test !== undefined && Test !== null && Test.length > 0 && Test[0] !== "NONE";
  const interval = Interval === undefined || Interval === 0 ? usualInterval : Interval / 1e6;
  return {
    id: Id,
    entrypoint: Config?.Entrypoint ?? [],
    command: Config?.Cmd ?? [],
    ...(hasHealthcheck ? { healthcheck: { interval } } : {}),
  };
}

export function readContainer(answer: unknown): ContainerFacts {
  const { State, ...rest } = read(container, "inspect a container", answer);
  // The engine writes "never" as the first of January of the year 1.
  const startedAt = Date.parse(State.StartedAt);
  const finishedAt = Date.parse(State.FinishedAt);
  return {
    id: rest.Id,
    name: rest.Name.replace(/^\//, ""),
    labels: rest.Config.Labels ?? {},
    imageId: rest.Image,
    createdAt: Date.parse(rest.Created),
    status: State.Status,
    ...(startedAt > 0 ? { startedAt } : {}),
    ...(finishedAt > 0 ? { finishedAt } : {}),
    exitCode: State.ExitCode,
    outOfMemory: State.OOMKilled,
    engineError: State.Error,
    restarts: rest.RestartCount,
    restartPolicy: rest.HostConfig.RestartPolicy?.Name ?? "",
    ...healthOf(State.Health ?? undefined),
  };
}

function healthOf(health: z.infer<typeof container>["State"]["Health"]): Pick<ContainerFacts, "health"> {
  const status = health?.Status;
  if (status !== "starting" && status !== "healthy" && status !== "unhealthy") return {};
  const outputs = (health?.Log ?? []).map(({ ExitCode, Output }) => `exit code ${String(ExitCode)}: ${Output.trim()}`);
  return { health: { status, outputs } };
}

export function readIds(answer: unknown): readonly string[] {
  return read(identifiers, "list containers", answer).map(({ Id }) => Id);
}

export function readNetworkNames(answer: unknown): readonly string[] {
  return read(networks, "list networks", answer).map(({ Name }) => Name);
}

/** The header in which the engine describes a file of a container. */
export function readModificationTime(header: unknown): number {
  const json = typeof header === "string" ? Buffer.from(header, "base64").toString() : "";
  return Date.parse(read(pathStatus, "look at a file of a container", parse(json)).mtime);
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function read<Schema extends z.ZodType>(schema: Schema, operation: string, answer: unknown): z.infer<Schema> {
  const result = schema.safeParse(answer);
  if (result.success) return result.data;
  throw fail(dockerErrors, "DOCKER_ANSWER_UNREADABLE", { operation, problem: z.prettifyError(result.error) });
}
