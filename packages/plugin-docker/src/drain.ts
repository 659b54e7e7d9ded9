import { formatMilliseconds, type CallOptions, type Clock } from "@fairlead/core";
import type { DockerEngine } from "./engine/docker-engine.js";
import type { ContainerFacts } from "./engine/facts.js";
import { findingAfterStop } from "./exit-code.js";

/** Tells a container to finish, waits until it has, and says in the log whether it did. It is kept, stopped. */
export async function drain(
  { engine, clock }: { readonly engine: DockerEngine; readonly clock: Clock },
  { id, name }: ContainerFacts,
  stopSeconds: number,
  { signal, log }: CallOptions,
): Promise<void> {
  const begun = clock.now();
  await engine.stop(id, stopSeconds, signal);
  const took = formatMilliseconds(clock.now() - begun);
  const after = await engine.container(id, signal);
  if (after === undefined) return;
  const { exitCode, outOfMemory } = after;
  const finding = findingAfterStop(after, stopSeconds);
  if (finding === undefined) log.info(`${name} finished what it had begun and ended after ${took}`, { container: name, exitCode });
  else log.warn(`${name} ${finding}`, { container: name, exitCode, outOfMemory, took });
}
