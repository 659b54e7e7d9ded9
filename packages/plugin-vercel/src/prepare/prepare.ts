import { fail, type Candidate, type DeploymentCall, type PrepareInput } from "@fairlead/core";
import type { NewDeployment } from "../api/vercel-client.js";
import { toCandidate, type VercelContext } from "../context.js";
import { readFileSet } from "../files/file-set.js";
import { toMeta } from "../meta.js";
import { vercelErrors } from "../vercel-errors.js";
import { createOnce, findByKey } from "./create-once.js";
import { watchUntilReady } from "./watch.js";

/** Makes the deployment of a key and waits until it is ready. It gets no domain. */
export async function prepare(context: VercelContext, input: PrepareInput, call: DeploymentCall): Promise<Candidate> {
  const { client, clock, settings } = context;
  const { signal, log } = call;
  signal.throwIfAborted();
  const existing = await findByKey(client, input.key, signal);
  if (existing !== undefined) {
    log.info(`${existing.id} was created before and is taken`);
    return toCandidate(await watchUntilReady(context, existing, call));
  }
  const files = await readFileSet(
    { component: input.component, folder: folderOf(input), prebuilt: settings.prebuilt, secretFiles: settings.secretFiles },
    signal,
  );
  const body = await toBody(context, input, call);
  const { prebuilt, requestTimeout } = settings;
  const created = await createOnce({ client, clock, key: input.key, prebuilt, timeout: requestTimeout * 4 }, { body, files }, call);
  return toCandidate(await watchUntilReady(context, created, call));
}

function folderOf({ artifact, component }: PrepareInput): string {
  if (artifact.kind === "directory" && artifact.path !== undefined) return artifact.path;
  throw fail(vercelErrors, "VERCEL_ARTIFACT_UNSUPPORTED", { component, kind: artifact.kind });
}

async function toBody(
  { client, placement }: VercelContext,
  input: PrepareInput,
  call: DeploymentCall,
): Promise<Omit<NewDeployment, "files">> {
  const { id, name } = await client.identity(call.signal);
  const { release, environment, variables } = input;
  return {
    name,
    project: id,
    ...(placement.kind === "production" ? { target: "production" } : {}),
    ...(placement.kind === "preview" && placement.custom !== undefined ? { customEnvironmentSlugOrId: placement.custom } : {}),
    meta: toMeta(input, call),
    env: { ...variables, FAIRLEAD_RELEASE: release.id, FAIRLEAD_ENVIRONMENT: environment },
  };
}
