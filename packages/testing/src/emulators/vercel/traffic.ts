import type { TimeScene } from "./agenda.js";
import { mintId, type Deployment, type Project, type VercelState } from "./state.js";

/** A change of what production domains show. */
export interface TrafficMove {
  readonly at: number;
  readonly by: "deployment" | "promote" | "rollback";
  readonly domains: readonly string[];
}

/** Points production domains to a deployment and makes it the project's production deployment. */
export function serveProduction({ state, effect }: TimeScene, project: Project, deployment: Deployment, move: TrafficMove): void {
  const from = project.productionDeploymentId;
  pointDomains(state, project, deployment, move);
  if (from !== null && from !== deployment.id) project.servedBefore.push(from);
  project.productionDeploymentId = deployment.id;
  project.updatedAt = move.at;
  deployment.substate = "PROMOTED";
  deployment.aliasAssignedAt ??= move.at;
  effect(move.at, "production.moved", project.id, { from, to: deployment.id, by: move.by, domains: move.domains });
}

/** Ends the project's promotion or rollback in the way that was settled when it was requested. */
export function finishMove(scene: TimeScene, project: Project, at: number): void {
  const request = project.move;
  const deployment = request === undefined ? undefined : scene.state.deployments.get(request.toDeploymentId);
  if (request === undefined || deployment === undefined) return;
  const { outcome, movedDomains, type } = request;
  request.status = outcome;
  const chosen = movedDomains === "as-outcome" ? (outcome === "succeeded" ? "all" : "none") : movedDomains;
  const domains = chosen === "all" ? project.domains : chosen === "first" ? project.domains.slice(0, 1) : [];
  const move: TrafficMove = { at, by: type, domains };
  if (outcome === "succeeded") {
    serveProduction(scene, project, deployment, move);
    project.autoAssignCustomDomains = type === "promote";
  } else if (domains.length > 0) {
    pointDomains(scene.state, project, deployment, move);
    scene.effect(at, "production.moved-partly", project.id, { from: request.fromDeploymentId, to: deployment.id, by: type, domains });
  }
}

function pointDomains(state: VercelState, project: Project, deployment: Deployment, { domains, at }: TrafficMove): void {
  for (const alias of domains) {
    const before = state.aliases.get(alias);
    const former = before === undefined ? undefined : state.deployments.get(before.deploymentId);
    if (former !== undefined) former.aliases = former.aliases.filter((one) => one !== alias);
    state.aliases.set(alias, {
      uid: before?.uid ?? mintId(state, "als_"),
      alias,
      deploymentId: deployment.id,
      projectId: project.id,
      createdAt: before?.createdAt ?? at,
    });
    if (!deployment.aliases.includes(alias)) deployment.aliases.push(alias);
  }
}
