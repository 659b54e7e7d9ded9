import type { VercelDeployment } from "./api/deployment.js";
import type { VercelClient } from "./api/vercel-client.js";
import { standingOf } from "./standing.js";

/** Stops a deployment's build, if it lasts, and removes it. What is gone already is fine. */
export async function removeDeployment(client: VercelClient, deployment: VercelDeployment, signal: AbortSignal): Promise<void> {
  if (standingOf(deployment).status === "building") await client.cancel(deployment.id, signal);
  await client.remove(deployment.id, signal);
}
