import { fail, type Candidate, type ComponentReference, type RetainedCandidate, type Serving } from "@fairlead/core";
import { dockerErrors } from "./docker-errors.js";
import type { DockerEngine } from "./engine/docker-engine.js";
import { isAlive, isUsable, type ContainerFacts } from "./engine/facts.js";
import { belongsTo, componentLabels, labelNames, labelOf, ownerOf } from "./labels.js";

/**
 * Whether a container has passed its gate at some time: from then on the engine keeps it running, and no longer when it fails again. The engine itself remembers it
 * that way, so that a process that comes later knows what the one before had found out.
 */
export function hasPassedGate({ restartPolicy }: ContainerFacts): boolean {
  return restartPolicy === "unless-stopped";
}

/** What a target calls a container. */
export function toCandidate(container: ContainerFacts): Candidate {
  const { id, name, imageId } = container;
  return { id, data: { name, image: labelOf(container, "image") ?? imageId, imageId } };
}

/** All containers of a component. */
export async function containersOf(
  engine: DockerEngine,
  reference: ComponentReference,
  signal: AbortSignal,
  labels: Readonly<Record<string, string>> = {},
): Promise<readonly ContainerFacts[]> {
  const ids = await engine.find({ ...componentLabels(reference), ...labels }, signal);
  const found = await Promise.all(ids.map((id) => engine.container(id, signal)));
  return found.filter((container) => container !== undefined).filter(isUsable);
}

/** The container that was made for a key. */
export async function findByKey(
  engine: DockerEngine,
  reference: ComponentReference,
  key: string,
  signal: AbortSignal,
): Promise<ContainerFacts | undefined> {
  const [container] = await containersOf(engine, reference, signal, { [labelNames.key]: key });
  return container;
}

/** The container of a candidate, if it is still there. Throws `DOCKER_CANDIDATE_FOREIGN` for one of somebody else's. */
export async function findCandidate(
  engine: DockerEngine,
  input: ComponentReference & { readonly candidate: Candidate },
  signal: AbortSignal,
): Promise<ContainerFacts | undefined> {
  const container = await engine.container(input.candidate.id, signal);
  if (container === undefined || !isUsable(container)) return undefined;
  if (belongsTo(container, input)) return container;
  throw fail(dockerErrors, "DOCKER_CANDIDATE_FOREIGN", {
    component: input.component,
    candidate: container.name,
    owner: ownerOf(container),
  });
}

/** As `findCandidate`, and throws `DOCKER_CANDIDATE_GONE`. */
export async function requireCandidate(
  engine: DockerEngine,
  input: ComponentReference & { readonly candidate: Candidate },
  signal: AbortSignal,
): Promise<ContainerFacts> {
  const container = await findCandidate(engine, input, signal);
  if (container !== undefined) return container;
  throw fail(dockerErrors, "DOCKER_CANDIDATE_GONE", { component: input.component, candidate: nameOf(input.candidate) });
}

function nameOf({ id, data }: Candidate): string {
  return typeof data?.["name"] === "string" ? data["name"] : id.slice(0, 12);
}

/** What serves: of the containers that run the one that passed its gate and was started last, and before any has passed the one that was started last. */
export function servingOf(containers: readonly ContainerFacts[]): Serving | undefined {
  const alive = containers.filter(isAlive).sort((left, right) => (right.startedAt ?? 0) - (left.startedAt ?? 0));
  const serving = alive.find(hasPassedGate) ?? alive[0];
  if (serving === undefined) return undefined;
  const release = labelOf(serving, "release");
  const note = noteOn(serving, alive);
  return {
    candidate: toCandidate(serving),
    ...(release === undefined ? {} : { release }),
    settled: alive.length === 1 && hasPassedGate(serving),
    ...(note === undefined ? {} : { note }),
  };
}

function noteOn(serving: ContainerFacts, alive: readonly ContainerFacts[]): string | undefined {
  if (alive.length > 1) return `${String(alive.length)} containers run: ${alive.map(({ name }) => name).join(", ")}`;
  if (!hasPassedGate(serving)) return `${serving.name} runs and has not passed its gate`;
  return serving.status === "running" ? undefined : `${serving.name} is ${serving.status}`;
}

/** Containers that a rollback could start again: they ran, passed their gate and were stopped. Newest first. */
export function retainedOf(containers: readonly ContainerFacts[]): readonly RetainedCandidate[] {
  return containers
    .filter((container) => !isAlive(container) && hasPassedGate(container))
    .sort((left, right) => right.createdAt - left.createdAt)
    .map((container) => {
      const release = labelOf(container, "release");
      return {
        candidate: toCandidate(container),
        ...(release === undefined ? {} : { release }),
        createdAt: new Date(container.createdAt).toISOString(),
      };
    });
}
