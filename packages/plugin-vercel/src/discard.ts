import { fail, type Candidate, type ComponentReference, type DeploymentCall } from "@fairlead/core";
import type { VercelContext } from "./context.js";
import { strangerOf } from "./meta.js";
import { removeDeployment } from "./remove-deployment.js";
import type { Traffic } from "./traffic/traffic.js";
import { vercelErrors } from "./vercel-errors.js";

/** Removes a deployment of this component that nothing shows or is about to show. What others deployed is never removed. */
export async function discard(
  { client }: VercelContext,
  traffic: Traffic,
  input: ComponentReference & { readonly candidate: Candidate },
  { signal, log }: DeploymentCall,
): Promise<void> {
  signal.throwIfAborted();
  const { id } = input.candidate;
  const deployment = await client.deployment(id, signal);
  if (deployment === undefined) return;
  const owner = strangerOf(deployment, input);
  if (owner !== undefined) throw fail(vercelErrors, "VERCEL_CANDIDATE_FOREIGN", { candidate: id, owner });
  const showing = await traffic.showing(signal);
  if (showing?.involved.includes(id) === true) throw fail(vercelErrors, "VERCEL_CANDIDATE_SERVES", { candidate: id });
  await removeDeployment(client, deployment, signal);
  log.info(`${id} was removed`);
}
