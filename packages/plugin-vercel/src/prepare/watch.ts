import { fail, isFairleadError, type Clock, type DeploymentCall } from "@fairlead/core";
import type { VercelDeployment } from "../api/deployment.js";
import type { VercelClient } from "../api/vercel-client.js";
import { standingOf } from "../standing.js";
import { vercelErrors } from "../vercel-errors.js";

const firstPause = 250;
const longestPause = 1_000;

/** How long Vercel may be silent, or not know a deployment that it has just made, before that counts, in milliseconds. */
const patience = 60_000;
const blindness = 10_000;

/**
 * Waits until a deployment is ready, by its id. Rejects with `VERCEL_BUILD_FAILED` as soon as it has ended in any other way, and when the signal aborts. An answer that does not
 * come is no news: the deployment goes on without us.
 */
export async function watchUntilReady(
  { client, clock }: { readonly client: Pick<VercelClient, "deployment">; readonly clock: Clock },
  created: VercelDeployment,
  { signal, log }: Pick<DeploymentCall, "signal" | "log">,
): Promise<VercelDeployment> {
  const { id } = created;
  let heardAt = clock.now();
  let said = "";
  let look: VercelDeployment | undefined = created;
  for (let pause = firstPause; ; pause = Math.min(longestPause, pause * 1.5)) {
    if (look !== undefined) {
      heardAt = clock.now();
      if (look.state !== said) log.info(`${id} is ${look.state}`, { deployment: id, state: look.state });
      said = look.state;
      if (isReady(look)) return look;
    }
    await clock.sleep(pause, { signal });
    try {
      look = await client.deployment(id, signal);
      if (look === undefined && clock.now() - heardAt > blindness) {
        throw fail(vercelErrors, "VERCEL_CANDIDATE_GONE", { candidate: id, problem: "Vercel does not know it any more." });
      }
    } catch (error) {
      if (!isFairleadError(error) || !error.retryable || clock.now() - heardAt > patience) throw error;
      log.warn(`${id} cannot be asked about at the moment: ${error.message}`, { code: error.code });
      look = undefined;
    }
  }
}

function isReady(deployment: VercelDeployment): boolean {
  const standing = standingOf(deployment);
  if (standing.status !== "failed") return standing.status === "ready";
  const { id, state, inspector = "" } = deployment;
  throw fail(vercelErrors, "VERCEL_BUILD_FAILED", { candidate: id, state, problem: standing.problem, inspector });
}
