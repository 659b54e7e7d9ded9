import { fail, isFairleadError, type CallOptions, type FairleadError } from "@fairlead/core";
import { dockerErrors } from "./docker-errors.js";
import type { DockerEngine, RegistryCredentials } from "./engine/docker-engine.js";
import type { ImageFacts } from "./engine/facts.js";
import { isImageId, parseImageReference } from "./engine/image-reference.js";
import type { WorkerSettings } from "./options.js";

/**
 * Finds the image that a reference means at this moment, and pulls it where that is to be done. From here on only its id is used, so that a tag which moves later
 * changes nothing.
 */
export async function resolveImage(
  engine: DockerEngine,
  {
    reference,
    pull,
    credentials,
  }: { readonly reference: string; readonly pull: WorkerSettings["pull"]; readonly credentials?: RegistryCredentials | undefined },
  { signal, log }: CallOptions,
): Promise<ImageFacts> {
  const here = await engine.image(reference, signal);
  const isPinned = isImageId(reference) || parseImageReference(reference).isDigest;
  if (here !== undefined && (isPinned || pull === "never")) return here;
  if (pull === "never" || isImageId(reference)) {
    throw fail(dockerErrors, "DOCKER_IMAGE_MISSING", { reference, problem: "no registry was asked" });
  }
  try {
    await engine.pull(reference, credentials, signal);
  } catch (error) {
    if (!isPullProblem(error)) throw error;
    const problem = toPullError(reference, error);
    if (here === undefined || pull === "always") throw problem;
    log.warn(`${problem.message} The image that is here is used: ${here.id}`, { reference, image: here.id });
    return here;
  }
  const pulled = await engine.image(reference, signal);
  if (pulled === undefined)
    throw fail(dockerErrors, "DOCKER_IMAGE_MISSING", { reference, problem: "the engine does not have it after the pull" });
  log.info(`pulled ${reference}: ${pulled.id}`, { reference, image: pulled.id });
  return pulled;
}

/** Whether it was the registry that failed, as opposed to the engine. */
function isPullProblem(error: unknown): error is FairleadError {
  return ["DOCKER_ENGINE_FAILED", "DOCKER_REQUEST_REFUSED", "DOCKER_TIMEOUT"].some((code) => isFairleadError(error, code));
}

/** The engine hands on what the registry said as text, with a status that differs from version to version. */
function toPullError(reference: string, error: FairleadError): FairleadError {
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
