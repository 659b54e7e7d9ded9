import { fail, type Candidate, type Clock, type ComponentReference, type DeploymentCall } from "@fairlead/core";
import { containersOf, findCandidate, servingOf } from "./containers.js";
import { dockerErrors } from "./docker-errors.js";
import { drain } from "./drain.js";
import type { DockerEngine } from "./engine/docker-engine.js";
import { isAlive } from "./engine/facts.js";
import type { WorkerSettings } from "./options.js";

/** Removes the container of a candidate unless it is the one that serves; one that was left running beside it is told to finish first. */
export async function discard(
  context: { readonly engine: DockerEngine; readonly clock: Clock; readonly settings: WorkerSettings },
  input: ComponentReference & { readonly candidate: Candidate },
  call: DeploymentCall,
): Promise<void> {
  const { engine, settings } = context;
  const container = await findCandidate(engine, input, call.signal);
  if (container === undefined) return;
  if (isAlive(container)) {
    const serving = servingOf(await containersOf(engine, input, call.signal));
    if (serving?.candidate.id === container.id) {
      throw fail(dockerErrors, "DOCKER_CANDIDATE_SERVES", { component: input.component, candidate: container.name });
    }
    await drain(context, container, settings.stopTimeout / 1_000, call);
  }
  await engine.remove(container.id, call.signal);
}
