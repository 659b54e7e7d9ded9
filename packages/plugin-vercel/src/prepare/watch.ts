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
  { client, clock }: { readonly client: VercelClient; readonly clock: Clock },
  created: VercelDeployment,
  { signal, log }: Pick<DeploymentCall, "signal" | "log">,
): Promise<VercelDeployment> {
  const { id } = created;
  let pause = firstPause;
  let heard = clock.now();
  let said = "";
  for (let deployment: VercelDeployment | undefined = created; ;) {
    if (deployment !== undefined) {
      heard = clock.now();
      if (deployment.state !== said) log.info(`${id} is ${deployment.state}`, { deployment: id, state: deployment.state });
      said = deployment.state;
      const standing = standingOf(deployment);
      if (standing.status === "ready") return deployment;
      if (standing.status === "failed") {
        const { state, inspector = "" } = deployment;
        throw fail(vercelErrors, "VERCEL_BUILD_FAILED", { candidate: id, state, problem: standing.problem, inspector });
      }
    } else if (clock.now() - heard > blindness) {
      throw fail(vercelErrors, "VERCEL_CANDIDATE_GONE", { candidate: id, problem: "Vercel does not know it any more" });
    }
    await clock.sleep(pause, { signal });
    pause = Math.min(longestPause, pause * 1.5);
    deployment = await client.deployment(id, signal).catch((error: unknown) => {
      if (!isFairleadError(error) || !error.retryable || clock.now() - heard > patience) throw error;
      log.warn(`${id} cannot be asked about at the moment: ${error.message}`, { code: error.code });
      return { ...created, state: said };
    });
  }
}
