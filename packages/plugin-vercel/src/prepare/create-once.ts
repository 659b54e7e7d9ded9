import { fail, isFairleadError, type Clock, type DeploymentCall } from "@fairlead/core";
import type { VercelDeployment } from "../api/deployment.js";
import { pauseAfter } from "../api/vercel-api.js";
import type { NewDeployment, VercelClient } from "../api/vercel-client.js";
import type { DeployedFile } from "../files/file-set.js";
import { uploadFiles } from "../files/upload-files.js";
import { metaNames } from "../meta.js";
import { removeDeployment } from "../remove-deployment.js";
import { vercelErrors } from "../vercel-errors.js";

export interface CreateOnce {
  readonly client: VercelClient;
  readonly clock: Clock;
  readonly key: string;
  readonly prebuilt: boolean;
  /** Most that one request to create may take, in milliseconds. */
  readonly timeout: number;
}

/** Requests to create of unknown outcome, until this gives up. */
const attempts = 4;

/** Requests that are answered with files to upload, until this gives up. */
const rounds = 4;

/** Pauses between looks for what a request may have created, in milliseconds: the list may lag, and what was given up here may still arrive there. */
const looks = [0, 250, 500, 1_000, 1_500];

/** The deployment of a key, if there is one: of several, which only two processes at the same moment can make, the oldest. */
export async function findByKey(client: VercelClient, key: string, signal: AbortSignal): Promise<VercelDeployment | undefined> {
  const [oldest] = await client.deploymentsWith({ [metaNames.key]: key }, signal);
  return oldest === undefined ? undefined : readWhole(client, oldest, signal);
}

/** A list says less than the deployment itself. One that is listed and not found is too new to be found. */
async function readWhole(client: VercelClient, listed: VercelDeployment, signal: AbortSignal): Promise<VercelDeployment> {
  return (await client.deployment(listed.id, signal)) ?? listed;
}

/**
 * Creates the deployment of a key that has none. The API knows no idempotency key, so a request of unknown outcome is followed by looking for what it may have created, and only when nothing is found by another
 * one. Where two processes create one each at the same moment, both take the older; the younger, which serves nobody, is removed.
 */
export async function createOnce(
  options: CreateOnce,
  { body, files }: { readonly body: Omit<NewDeployment, "files">; readonly files: readonly DeployedFile[] },
  call: DeploymentCall,
): Promise<VercelDeployment> {
  const { signal, log } = call;
  const whole = { ...body, files: files.map(({ path, sha, size, mode }) => ({ file: path, sha, size, mode })) };
  for (let round = 1; round <= rounds; round += 1) {
    const answer = await createOrFind(options, whole, call);
    if ("found" in answer) return answer.found;
    if ("created" in answer) return settleOnOne(options, answer.created, call);
    log.info(`uploading ${String(answer.missing.length)} of ${String(files.length)} files`);
    await uploadFiles(options.client, { files, missing: answer.missing }, signal);
  }
  const problem = "it asks again and again for files that it has been given";
  throw fail(vercelErrors, "VERCEL_ANSWER_UNREADABLE", { operation: "create a deployment", problem });
}

async function createOrFind(
  options: CreateOnce,
  body: NewDeployment,
  { signal, log }: DeploymentCall,
): Promise<Awaited<ReturnType<VercelClient["create"]>> | { readonly found: VercelDeployment }> {
  const { client, clock, prebuilt, timeout } = options;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await client.create(body, { prebuilt, timeout }, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!isFairleadError(error) || !error.retryable) throw error;
      log.warn(`it is not known whether a deployment was created: ${error.message}`, { code: error.code });
      await clock.sleep(pauseAfter(error, attempt), { signal });
      const found = await lookFor(options, signal);
      if (found !== undefined) return { found };
      if (attempt === attempts) throw error;
    }
  }
}

async function lookFor({ client, clock, key }: CreateOnce, signal: AbortSignal): Promise<VercelDeployment | undefined> {
  for (const pause of looks) {
    await clock.sleep(pause, { signal });
    const found = await findByKey(client, key, signal);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The oldest deployment of the key, once the list shows the one that was just created; that one is removed if it is not the oldest. */
async function settleOnOne(options: CreateOnce, created: VercelDeployment, call: DeploymentCall): Promise<VercelDeployment> {
  const { signal, log } = call;
  const oldest = await oldestBeside(options, created, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    log.warn(`whether another process created a deployment at the same moment cannot be asked: ${messageOf(error)}`);
    return created;
  });
  if (oldest.id === created.id) return created;
  log.warn(`another process created ${oldest.id} a moment before; ${created.id} is removed`);
  await removeDeployment(options.client, created, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    log.warn(`${created.id} could not be removed; it serves nobody: ${messageOf(error)}`);
  });
  return readWhole(options.client, oldest, signal);
}

async function oldestBeside({ client, clock, key }: CreateOnce, created: VercelDeployment, signal: AbortSignal): Promise<VercelDeployment> {
  for (const pause of looks) {
    await clock.sleep(pause, { signal });
    const found = await client.deploymentsWith({ [metaNames.key]: key }, signal);
    if (found[0] !== undefined && found.some(({ id }) => id === created.id)) return found[0];
  }
  return created;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
