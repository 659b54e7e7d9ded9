import { fail, isFairleadError, type CallOptions, type FairleadError } from "@fairlead/core";
import { dockerErrors } from "./docker-errors.js";
import type { DockerEngine, RegistryCredentials } from "./engine/docker-engine.js";
import type { ImageFacts } from "./engine/facts.js";
import { isImageId, parseImageReference } from "./engine/image-reference.js";
import type { WorkerSettings } from "./options.js";

/** The image that a component is to run. */
export interface WantedImage {
  readonly reference: string;
  /** What the reference meant when the plan was made: an image id, or a name with a digest. */
  readonly pinned?: string | undefined;
  readonly pull: WorkerSettings["pull"];
  readonly credentials?: RegistryCredentials | undefined;
}

/**
 * Finds the image that a plan has pinned, else the one that the reference means at this moment, and pulls it where that is to be done. From here on only its id is used, so that a tag which moves later
 * changes nothing.
 */
export async function resolveImage(engine: DockerEngine, wanted: WantedImage, { signal, log }: CallOptions): Promise<ImageFacts> {
  const { reference, pinned = reference, pull, credentials } = wanted;
  const here = await engine.image(pinned, signal);
  if (here !== undefined && (isFixed(pinned) || pull === "never")) return here;
  if (pull === "never" || isImageId(pinned)) {
    throw fail(dockerErrors, "DOCKER_IMAGE_MISSING", { reference, problem: "no registry was asked" });
  }
  let problem: FairleadError | undefined;
  // By its own words first: so the engine also knows it by them. They may mean another image by now.
  for (const name of new Set([reference, pinned])) {
    problem = await pullProblem(engine, { name, credentials }, signal);
    const pulled = problem === undefined ? await engine.image(pinned, signal) : undefined;
    if (pulled === undefined) continue;
    log.info(`pulled ${reference}: ${pulled.id}`, { reference, image: pulled.id });
    return pulled;
  }
  problem ??= fail(dockerErrors, "DOCKER_IMAGE_MISSING", { reference, problem: "the engine does not have it after the pull" });
  if (here === undefined || pull === "always") throw problem;
  log.warn(`${problem.message} The image that is here is used: ${here.id}`, { reference, image: here.id });
  return here;
}

/** Whether a reference can never mean another image. */
function isFixed(reference: string): boolean {
  return isImageId(reference) || parseImageReference(reference).isDigest;
}

async function pullProblem(
  engine: DockerEngine,
  { name, credentials }: { readonly name: string; readonly credentials: RegistryCredentials | undefined },
  signal: AbortSignal,
): Promise<FairleadError | undefined> {
  try {
    await engine.pull(name, credentials, signal);
    return undefined;
  } catch (error) {
    if (!isPullProblem(error)) throw error;
    return toPullError(name, error);
  }
}

/** Whether it was the registry that failed, as opposed to the engine. */
export function isPullProblem(error: unknown): error is FairleadError {
  return ["DOCKER_ENGINE_FAILED", "DOCKER_REQUEST_REFUSED", "DOCKER_TIMEOUT"].some((code) => isFairleadError(error, code));
}

/** The engine hands on what the registry said as text, with a status that differs from version to version. */
export function toPullError(reference: string, error: FairleadError): FairleadError {
  const problem = typeof error.data["problem"] === "string" ? error.data["problem"] : error.message;
  if (/manifest unknown|not found|does not exist|no such image/i.test(problem)) {
    return fail(dockerErrors, "DOCKER_IMAGE_MISSING", { reference, problem }, { cause: error });
  }
  if (/unauthorized|denied|authentication|no basic auth/i.test(problem)) {
    const { registry } = parseImageReference(reference);
    return fail(dockerErrors, "DOCKER_REGISTRY_REFUSED", { reference, registry, problem }, { cause: error });
  }
  return fail(dockerErrors, "DOCKER_PULL_FAILED", { reference, problem }, { cause: error });
}
