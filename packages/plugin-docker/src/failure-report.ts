import { formatMilliseconds, type CallOptions, type JsonObject } from "@fairlead/core";
import type { DockerEngine } from "./engine/docker-engine.js";
import { isAlive, type ContainerFacts } from "./engine/facts.js";
import { describeEnd, killed } from "./exit-code.js";
import type { GateFailure, GateVerdict } from "./gate.js";
import { labelOf } from "./labels.js";
import type { WorkerSettings } from "./options.js";

/** Most lines of output that a report holds, and most characters of them together. */
const mostLines = 50;
const mostCharacters = 32_768;

/** What is known about a container that did not pass its gate. */
interface Findings extends JsonObject {
  readonly component: string;
  /** The container's id. */
  readonly container: string;
  readonly name: string;
  readonly image: string;
  readonly imageId: string;
  readonly reason: GateFailure;
  /** For people: what happened. */
  readonly explanation: string;
  /** How long it ran, in milliseconds. */
  readonly ranFor: number;
  /** `null` while it runs. */
  readonly exitCode: number | null;
  readonly outOfMemory: boolean;
  /** Why the engine could not start it; empty otherwise. */
  readonly engineError: string;
  /** The last answers of its HEALTHCHECK, oldest first. */
  readonly health: readonly string[];
  /** The last lines of its output, oldest first. */
  readonly logs: readonly string[];
}

/** What is known about a container that did not pass its gate, and whether it was stopped then. */
export interface FailureReport extends Findings {
  readonly stopped: boolean;
}

/** Collects the report, before anything is done to the container. What cannot be read is left out: the failure itself must be told. */
export async function reportFailure(
  { engine, settings }: { readonly engine: DockerEngine; readonly settings: WorkerSettings },
  component: string,
  { container, reason, ranFor }: Extract<GateVerdict, { readonly passed: false }>,
  { signal, log }: CallOptions,
): Promise<Findings> {
  const { id, name, imageId, exitCode, engineError, health } = container;
  const ended = !isAlive(container) || container.status === "restarting";
  const logs = await lastLines(engine, container, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    log.warn(`the output of ${name} could not be read: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  });
  const outOfMemory = container.outOfMemory || (ended && exitCode === killed && (await ranOutOfMemory(engine, id, signal)));
  return {
    component,
    container: id,
    name,
    image: labelOf(container, "image") ?? imageId,
    imageId,
    reason,
    explanation: explain({ container: { ...container, outOfMemory }, reason, ranFor }, settings),
    ranFor,
    exitCode: ended ? exitCode : null,
    outOfMemory,
    engineError,
    health: health?.outputs ?? [],
    logs,
  };
}

/** Asked once more: an engine may hear of the end of a container before it hears why. */
async function ranOutOfMemory(engine: DockerEngine, id: string, signal: AbortSignal): Promise<boolean> {
  try {
    return (await engine.container(id, signal))?.outOfMemory === true;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}

function explain(
  { container, reason, ranFor }: { readonly container: ContainerFacts; readonly reason: GateFailure; readonly ranFor: number },
  { startTimeout, heartbeat }: WorkerSettings,
): string {
  const after = `after ${formatMilliseconds(ranFor)}`;
  switch (reason) {
    case "start_refused":
      return `the engine could not start it: ${container.engineError}`;
    case "gone":
      return `its container disappeared ${after}`;
    case "exited":
      return `${describeEnd(container)} ${after}`;
    case "restarted":
      return `it ended and was started again ${after}`;
    case "paused":
      return `somebody paused it ${after}`;
    case "unhealthy":
      return `its HEALTHCHECK says unhealthy ${after}: ${container.health?.outputs.at(-1) ?? "no output"}`;
    case "not_healthy_in_time":
      return `it was not healthy within ${formatMilliseconds(startTimeout)} (${missing(container, heartbeat)})`;
    case "heartbeat_stopped":
      return `it stopped being healthy ${after} (${missing(container, heartbeat)})`;
  }
}

function missing({ health }: ContainerFacts, heartbeat: WorkerSettings["heartbeat"]): string {
  if (health?.status === "starting") return health.outputs.at(-1) ?? "its HEALTHCHECK has not answered yet";
  if (heartbeat === undefined) return "its HEALTHCHECK did not say healthy";
  return `${heartbeat.file} was not written since its start, or longer ago than ${formatMilliseconds(heartbeat.maxAge)}`;
}

/** The newest lines that fit. A line is never cut: the half of a secret would no longer be recognised as one. */
async function lastLines(engine: DockerEngine, { id, startedAt }: ContainerFacts, signal: AbortSignal): Promise<readonly string[]> {
  const since = startedAt === undefined ? {} : { since: new Date(startedAt).toISOString() };
  const lines: string[] = [];
  for await (const { text } of engine.logs(id, { last: mostLines, ...since }, signal)) lines.push(text);
  let left = mostCharacters;
  const kept: string[] = [];
  for (const line of lines.reverse()) {
    left -= line.length;
    if (left < 0) break;
    kept.unshift(line);
  }
  return kept;
}
