import type { Clock } from "@fairlead/core";
import type { DockerEngine } from "./engine/docker-engine.js";
import type { ContainerFacts } from "./engine/facts.js";
import type { WorkerSettings } from "./options.js";

/** How often a container is looked at, in milliseconds: an end is noticed this soon. */
const poll = 100;

/** Why a container did not pass. */
export type GateFailure =
  "start_refused" | "gone" | "exited" | "restarted" | "paused" | "unhealthy" | "not_healthy_in_time" | "heartbeat_stopped";

export type GateVerdict =
  | { readonly passed: true }
  | { readonly passed: false; readonly reason: GateFailure; readonly container: ContainerFacts; readonly ranFor: number };

/** What a gate knows about one look at the container. */
type Look = { readonly well: true } | { readonly well: false; readonly reason?: GateFailure };

type GateSettings = Pick<WorkerSettings, "startTimeout" | "minHealthyTime" | "heartbeat">;

/**
 * Watches a container that was started until it has run for `minHealthyTime`: without ending, without being started again, and, where it can be asked, healthy all
 * that time. Fails at once when it ends, and after `startTimeout` when it has never been healthy. Time that it ran before counts where it cannot be asked.
 */
export async function watchStart(
  { engine, clock, settings }: { readonly engine: DockerEngine; readonly clock: Clock; readonly settings: GateSettings },
  started: ContainerFacts,
  signal: AbortSignal,
): Promise<GateVerdict> {
  const begun = clock.now();
  const ahead = (await engine.now(signal)) - begun;
  const startedAt = (started.startedAt ?? begun + ahead) - ahead;
  const canBeAsked = started.health !== undefined || settings.heartbeat !== undefined;
  let wellSince = canBeAsked ? undefined : startedAt;
  let container = started;
  for (;;) {
    const fresh = await engine.container(started.id, signal);
    container = fresh ?? container;
    const now = clock.now();
    const failed = (reason: GateFailure): GateVerdict => ({ passed: false, reason, container, ranFor: Math.max(0, now - startedAt) });
    const broken = fresh === undefined ? "gone" : troubleOf(fresh, started);
    if (broken !== undefined) return failed(broken);
    const look = await lookAt(engine, container, { heartbeat: settings.heartbeat, now: now + ahead }, signal);
    if (look.well) {
      wellSince ??= now;
      if (now - wellSince >= settings.minHealthyTime) return { passed: true };
    } else if (look.reason !== undefined) {
      return failed(look.reason);
    } else if (wellSince !== undefined) {
      return failed("heartbeat_stopped");
    } else if (now - begun >= settings.startTimeout) {
      return failed("not_healthy_in_time");
    }
    await clock.sleep(poll, { signal });
  }
}

/** What alone condemns a container: it is not, or no longer, the process that was started. */
function troubleOf(container: ContainerFacts, started: ContainerFacts): GateFailure | undefined {
  if (container.status === "paused") return "paused";
  if (container.status === "restarting") return "restarted";
  if (container.status !== "running") return "exited";
  const isSame = container.startedAt === started.startedAt && container.restarts === started.restarts;
  return isSame ? undefined : "restarted";
}

/** Whether a running container is well, as far as it can be asked. */
export async function lookAt(
  engine: DockerEngine,
  container: ContainerFacts,
  { heartbeat, now }: { readonly heartbeat: WorkerSettings["heartbeat"]; readonly now: number },
  signal: AbortSignal,
): Promise<Look> {
  if (container.health?.status === "unhealthy") return { well: false, reason: "unhealthy" };
  if (container.health?.status === "starting") return { well: false };
  if (heartbeat === undefined) return { well: true };
  // What a run before has written does not count. That is told by its end: the engine notes a start so late that the program may have written already.
  const writtenAt = await engine.fileModifiedAt(container.id, heartbeat.file, signal);
  const isFresh = writtenAt !== undefined && writtenAt > (container.finishedAt ?? 0) && now - writtenAt <= heartbeat.maxAge;
  return { well: isFresh };
}
