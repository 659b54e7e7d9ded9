import { fail, type Candidate, type ComponentReference, type DeploymentCall } from "@fairlead/core";
import type { VercelDeployment } from "./api/deployment.js";
import type { VercelContext } from "./context.js";
import { verifyDomains } from "./site/verify-domains.js";
import { standingOf } from "./standing.js";
import type { Traffic } from "./traffic/traffic.js";
import { vercelErrors } from "./vercel-errors.js";

/** Makes a deployment the one that every domain of the environment shows, by Vercel's word and by what they serve. */
export async function promote(
  context: VercelContext,
  traffic: Traffic,
  { candidate, previous }: ComponentReference & { readonly candidate: Candidate; readonly previous?: Candidate },
  call: DeploymentCall,
): Promise<void> {
  const { signal } = call;
  signal.throwIfAborted();
  const begunAt = context.clock.now();
  const deployment = await requirePromotable(context, candidate.id, signal);
  const domains = await traffic.domains(signal);
  await traffic.move({ deployment, domains }, call);
  await verifyDomains(context, { deployment, previous, domains, begunAt }, call);
}

async function requirePromotable({ client, placement }: VercelContext, id: string, signal: AbortSignal): Promise<VercelDeployment> {
  const [deployment, project] = await Promise.all([client.deployment(id, signal), client.identity(signal)]);
  const gone = (problem: string): Error => fail(vercelErrors, "VERCEL_CANDIDATE_GONE", { candidate: id, problem });
  if (deployment === undefined) throw gone("Vercel does not know it.");
  if (deployment.projectId !== undefined && deployment.projectId !== project.id) throw gone(`it does not belong to ${project.name}.`);
  const standing = standingOf(deployment);
  if (standing.status === "failed") throw gone(`${standing.problem}.`);
  if (standing.status === "building") throw gone("it is not ready.");
  // Promoting a preview would build it again, and serve what nobody has verified.
  if (placement.kind === "production" && !deployment.production) throw gone("it is a preview, which Vercel would have to build again.");
  return deployment;
}
