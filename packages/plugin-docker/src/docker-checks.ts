import {
  isFairleadError,
  type CandidateCheck,
  type CandidateSubject,
  type Check,
  type CheckResult,
  type Clock,
  type ProviderCheck,
} from "@fairlead/core";
import { settingsOf } from "./component-settings.js";
import { containersOf, findCandidate, hasPassedGate } from "./containers.js";
import type { DockerEngine } from "./engine/docker-engine.js";
import { isAlive, type ContainerFacts } from "./engine/facts.js";
import { describeEnd } from "./exit-code.js";
import { lookAt } from "./gate.js";
import type { DockerSettings } from "./options.js";

/** The oldest API that is asked for: Docker 20.10. */
const oldestApi = "1.41";

/** The first question of a process also loads the client. */
const timeout = "5s";

interface ChecksContext {
  readonly name: string;
  readonly engine: DockerEngine;
  readonly clock: Clock;
  readonly settings: DockerSettings;
}

/** Questions about the engine and about what runs on it. */
export function createDockerChecks(context: ChecksContext): readonly Check[] {
  return [engineCheck(context), workerCheck(context)];
}

/** Whether the engine answers and is new enough. */
function engineCheck({ name, engine, settings }: ChecksContext): ProviderCheck {
  return {
    name: `${name}-engine`,
    scope: "provider",
    timeout,
    async run({ signal }) {
      try {
        const { version, apiVersion, platform } = await engine.about(signal);
        const data = { version, apiVersion, platform, socketPath: settings.socketPath };
        if (!isAtLeast(apiVersion, oldestApi)) {
          const message = `The engine speaks API ${apiVersion}; ${oldestApi} (Docker 20.10) is the oldest that works.`;
          return { status: "down", reason: "engine_too_old", message, hint: "Update the engine.", data };
        }
        return { status: "up", data };
      } catch (error) {
        signal.throwIfAborted();
        return troubleWithEngine(error);
      }
    },
  };
}

/** Whether the container of a release is well. Before its promote a worker runs nothing: then all that is asked is whether it is there, ready to be started. */
function workerCheck(context: ChecksContext): CandidateCheck {
  return {
    name: `${context.name}-worker`,
    scope: "candidate",
    timeout,
    async run(subject, { signal }) {
      try {
        return await askWorker(context, subject, signal);
      } catch (error) {
        signal.throwIfAborted();
        return troubleWithEngine(error);
      }
    },
  };
}

async function askWorker({ engine, clock, settings }: ChecksContext, subject: CandidateSubject, signal: AbortSignal): Promise<CheckResult> {
  const container = await findCandidate(engine, subject, signal);
  if (container === undefined) return { status: "down", reason: "gone", message: "Its container does not exist any more." };
  if (!subject.live) {
    const message = isAlive(container)
      ? `${container.name} runs already.`
      : "A worker runs nothing before its promote, which gates its start.";
    return { status: "up", reason: isAlive(container) ? "running" : "not_started", message };
  }
  const broken = troubleOf(container);
  if (broken !== undefined) return broken;
  const others = (await containersOf(engine, subject, signal)).filter((other) => isAlive(other) && other.id !== container.id);
  if (others.length > 0) {
    const message = `${others.map((other) => other.name).join(", ")} of another release also runs.`;
    return { status: "down", reason: "not_alone", message };
  }
  const { heartbeat } = settingsOf(settings, subject.component);
  const now = heartbeat === undefined ? clock.now() : await engine.now(signal);
  const look = await lookAt(engine, container, { heartbeat, now }, signal);
  if (look.well) return { status: "up", data: { container: container.name } };
  const reason = look.reason ?? (container.health?.status === "starting" ? "starting" : "heartbeat_stopped");
  return { status: "down", reason, message: container.health?.outputs.at(-1) ?? `${container.name} gives no sign of life.` };
}

/** What a check says when the engine did not answer what it was asked. Throws what is no error of the catalogue. */
function troubleWithEngine(error: unknown): CheckResult {
  if (!isFairleadError(error)) throw error;
  return { status: "down", reason: reasons[error.code] ?? "unreachable", message: error.message, hint: error.hint };
}

const reasons: Readonly<Record<string, string>> = {
  DOCKER_PERMISSION_DENIED: "permission_denied",
  DOCKER_CANDIDATE_FOREIGN: "foreign",
};

/** What is wrong with a container that ought to serve, from its state alone. */
function troubleOf(container: ContainerFacts): CheckResult | undefined {
  const { name, status, restarts } = container;
  if (status === "running" && restarts === 0 && hasPassedGate(container)) return undefined;
  if (!isAlive(container)) return { status: "down", reason: "exited", message: `${name}: ${describeEnd(container)}.` };
  if (restarts > 0 || status === "restarting") {
    return { status: "down", reason: "restarted", message: `${name} ended and was started again ${String(restarts)} times.` };
  }
  return { status: "down", reason: status === "paused" ? "paused" : "not_promoted", message: `${name} is ${status}.` };
}

function isAtLeast(version: string, least: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [leastMajor = 0, leastMinor = 0] = least.split(".").map(Number);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}
