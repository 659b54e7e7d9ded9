import type { RecordEffect } from "./agenda.js";
import { mintId, type Deployment, type Project, type VercelState } from "./state.js";

/** Points production domains to a deployment and makes it the project's production deployment. */
export function serveProduction(
  state: VercelState,
  project: Project,
  deployment: Deployment,
  move: { readonly at: number; readonly by: "deployment" | "promote" | "rollback"; readonly domains: readonly string[] },
  effect: RecordEffect,
): void {
  const from = project.productionDeploymentId;
  pointDomains(state, project, deployment, move.domains, move.at);
  if (from !== null && from !== deployment.id) project.servedBefore.push(from);
  project.productionDeploymentId = deployment.id;
  project.updatedAt = move.at;
  deployment.substate = "PROMOTED";
  deployment.aliasAssignedAt ??= move.at;
  effect(move.at, "production.moved", project.id, { from, to: deployment.id, by: move.by, domains: move.domains });
}

/** Ends the project's promotion or rollback in the way that was settled when it was requested. */
export function finishMove(state: VercelState, project: Project, at: number, effect: RecordEffect): void {
  const move = project.move;
  const deployment = move === undefined ? undefined : state.deployments.get(move.toDeploymentId);
  if (move === undefined || deployment === undefined) return;
  const { outcome, movedDomains } = move;
  move.status = outcome;
  const chosen = movedDomains === "as-outcome" ? (outcome === "succeeded" ? "all" : "none") : movedDomains;
  const domains = chosen === "all" ? project.domains : chosen === "first" ? project.domains.slice(0, 1) : [];
  if (outcome === "succeeded") {
    serveProduction(state, project, deployment, { at, by: move.type, domains }, effect);
    project.autoAssignCustomDomains = move.type === "promote";
  } else if (domains.length > 0) {
    pointDomains(state, project, deployment, domains, at);
    effect(at, "production.moved-partly", project.id, { from: move.fromDeploymentId, to: deployment.id, by: move.type, domains });
  }
}

function pointDomains(state: VercelState, project: Project, deployment: Deployment, domains: readonly string[], at: number): void {
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
