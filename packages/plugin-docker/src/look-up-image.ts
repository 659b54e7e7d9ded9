import type { CallOptions, ResolvedImage } from "@fairlead/core";
import type { DockerEngine } from "./engine/docker-engine.js";
import { parseImageReference } from "./engine/image-reference.js";
import { isPullProblem, toPullError, type WantedImage } from "./resolve-image.js";

/**
 * What a reference means now: where images are pulled what the registry has under it, else, or where the registry does not answer, the image that is here. Downloads nothing. `undefined` where neither has it, or
 * where the registry alone may say: then preparing it says why.
 */
export async function lookUpImage(
  engine: DockerEngine,
  { reference, pull, credentials }: Omit<WantedImage, "pinned">,
  { signal }: CallOptions,
): Promise<ResolvedImage | undefined> {
  if (pull === "never") return imageHere(engine, reference, signal);
  try {
    const digest = await engine.registryDigest(reference, credentials, signal);
    return { digest, pinned: `${parseImageReference(reference).repository}@${digest}` };
  } catch (error) {
    if (!isPullProblem(error)) throw error;
    const here = pull === "always" ? undefined : await imageHere(engine, reference, signal);
    return here && { ...here, note: `${toPullError(reference, error).message} The image that is here is used: ${here.digest}` };
  }
}

async function imageHere(engine: DockerEngine, reference: string, signal: AbortSignal): Promise<ResolvedImage | undefined> {
  const image = await engine.image(reference, signal);
  return image && { digest: image.id, pinned: image.id };
}
