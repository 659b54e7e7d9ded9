import { digestOf, fail, type CallOptions, type Candidate, type Clock, type DeploymentCall, type PrepareInput } from "@fairlead/core";
import { containerName } from "./container-name.js";
import { findByKey, toCandidate } from "./containers.js";
import { dockerErrors } from "./docker-errors.js";
import type { ContainerSpecification, DockerEngine, RegistryCredentials } from "./engine/docker-engine.js";
import { isUsable, type ContainerFacts, type ImageFacts } from "./engine/facts.js";
import { belongsTo, labelOf, ownerOf, toLabels } from "./labels.js";
import type { WorkerSettings } from "./options.js";
import { resolveImage } from "./resolve-image.js";

/** Longest that a name is waited for which a container has that is being removed, in milliseconds. */
const removalPatience = 5_000;
const removalPoll = 100;

export interface PrepareContext {
  readonly engine: DockerEngine;
  readonly clock: Clock;
  readonly settings: WorkerSettings;
  readonly credentials: RegistryCredentials | undefined;
}

/**
 * Makes the container for a key and does not start it: nothing of the new code runs. The container of the same key is adopted, also when another process makes it at
 * this moment.
 */
export async function prepare(context: PrepareContext, input: PrepareInput, call: DeploymentCall): Promise<Candidate> {
  const { engine, settings, credentials } = context;
  const { artifact, component } = input;
  if (artifact.kind !== "image") throw fail(dockerErrors, "DOCKER_ARTIFACT_UNSUPPORTED", { component, kind: artifact.kind });
  const existing = await findByKey(engine, input, input.key, call.signal);
  if (existing !== undefined) return toCandidate(existing);
  const { reference, pinned } = artifact;
  const image = await resolveImage(engine, { reference, pinned, pull: settings.pull, credentials }, call);
  await requireRunnable(context, { component, reference, image }, call);
  const specification = toSpecification(input, { reference, image, settings }, call);
  return toCandidate(await createOrAdopt(context, input, specification, call.signal));
}

/** Finds out now what would only fail at the start, after the database has been changed. */
async function requireRunnable(
  { engine, settings }: PrepareContext,
  { component, reference, image }: { readonly component: string; readonly reference: string; readonly image: ImageFacts },
  { signal, log }: CallOptions,
): Promise<void> {
  const { network, startTimeout } = settings;
  if (network !== undefined && !(await engine.hasNetwork(network, signal))) {
    throw fail(dockerErrors, "DOCKER_NETWORK_MISSING", { component, network });
  }
  const firstAnswer = image.healthcheck?.interval ?? 0;
  if (firstAnswer >= startTimeout) {
    throw fail(dockerErrors, "DOCKER_HEALTHCHECK_TOO_SLOW", { component, image: reference, firstAnswer, startTimeout });
  }
  const processOne = [...image.entrypoint, ...(settings.command ?? image.command)];
  if (isShellInFront(processOne)) {
    log.warn(`${component} runs behind a shell, which does not hand on the signal to stop: begin its command with \`exec\``, {
      command: processOne,
    });
  }
}

/** `sh -c "node worker.js"`: the shell is process 1, gets the signal and keeps it. */
function isShellInFront([program = "", ...parameters]: readonly string[]): boolean {
  const script = parameters[parameters.indexOf("-c") + 1];
  return /(^|\/)(ba|da|a)?sh$/.test(program) && parameters.includes("-c") && !/(^|[;&\s])exec\s/.test(script ?? "");
}

function toSpecification(
  input: PrepareInput,
  { reference, image, settings }: { readonly reference: string; readonly image: ImageFacts; readonly settings: WorkerSettings },
  { deploymentId }: DeploymentCall,
): ContainerSpecification {
  const { application, environment, component, release, key, variables } = input;
  const { command, env, stopSignal, stopTimeout, network, memory } = settings;
  const specification = {
    imageId: image.id,
    ...(command === undefined ? {} : { command }),
    environment: { ...variables, ...revealed(env), FAIRLEAD_RELEASE: release.id, FAIRLEAD_ENVIRONMENT: environment },
    ...(stopSignal === undefined ? {} : { stopSignal }),
    stopSeconds: stopTimeout / 1_000,
    ...(network === undefined ? {} : { network }),
    ...(memory === undefined ? {} : { memoryBytes: memory }),
  };
  const labels = toLabels({
    application,
    environment,
    component,
    release: release.id,
    key,
    deployment: deploymentId,
    specification: digestOf(specification),
    image: reference,
  });
  return { ...specification, labels };
}

function revealed(variables: WorkerSettings["env"]): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, typeof value === "string" ? value : value.reveal()]));
}

async function createOrAdopt(
  { engine, clock }: PrepareContext,
  input: PrepareInput,
  specification: ContainerSpecification,
  signal: AbortSignal,
): Promise<ContainerFacts> {
  const name = containerName(input, input.release.id, input.key);
  const until = clock.now() + removalPatience;
  for (;;) {
    await engine.create(name, specification, signal);
    const container = await engine.container(name, signal);
    if (container !== undefined && isUsable(container)) {
      if (belongsTo(container, input) && labelOf(container, "key") === input.key) return container;
      throw fail(dockerErrors, "DOCKER_NAME_TAKEN", { name, owner: ownerOf(container) });
    }
    if (clock.now() >= until) throw fail(dockerErrors, "DOCKER_NAME_BUSY", { name });
    await clock.sleep(removalPoll, { signal });
  }
}
