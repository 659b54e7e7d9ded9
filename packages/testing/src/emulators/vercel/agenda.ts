import { toMilliseconds, type JsonObject } from "@fairlead/core";
import type { Deployment, Due, Project, VercelState } from "./state.js";
import type { VercelSettings } from "./vercel-settings.js";
import { finishMove, serveProduction } from "./traffic.js";

/** Records something that time changed, at the time when it did. */
export type RecordEffect = (at: number, kind: string, subject: string, details?: JsonObject) => void;

/** What a new deployment will go through. */
export function scheduleBuild(state: VercelState, deployment: Deployment, settings: VercelSettings): void {
  const building = deployment.createdAt + toMilliseconds(settings.queue);
  const finished = building + toMilliseconds(settings.build);
  state.agenda.push({ at: building, event: "building", subject: deployment.id }, { at: finished, event: "finished", subject: deployment.id });
  if (deployment.outcome !== "READY" || deployment.aliasing === "never" || deployment.checks === "failed") return;
  state.agenda.push({ at: finished + toMilliseconds(settings.assign), event: "aliased", subject: deployment.id });
}

/** What a promotion or rollback will go through. */
export function scheduleMove(state: VercelState, project: Project, now: number, settings: VercelSettings): void {
  const moved = now + toMilliseconds(settings.move);
  state.agenda.push({ at: now + (moved - now) / 4, event: "moving", subject: project.id }, { at: moved, event: "moved", subject: project.id });
}

/** Lets everything happen that was due until `now`, in its order. */
export function settle(state: VercelState, now: number, team: string, effect: RecordEffect): void {
  const due = state.agenda.filter(({ at }) => at <= now).sort((one, other) => one.at - other.at);
  if (due.length === 0) return;
  state.agenda = state.agenda.filter(({ at }) => at > now);
  for (const one of due) happen(state, one, team, effect);
}

function happen(state: VercelState, { at, event, subject }: Due, team: string, effect: RecordEffect): void {
  const deployment = state.deployments.get(subject);
  const project = state.projects.get(deployment?.projectId ?? subject);
  if (project === undefined) return;
  if (deployment === undefined) {
    if (event === "moving" && project.move !== undefined) project.move.status = "in-progress";
    if (event === "moved") finishMove(state, project, at, effect);
    return;
  }
  if (deployment.deleted || deployment.state === "CANCELED") return;
  if (event === "building") build(deployment, at, effect);
  if (event === "finished" && deployment.state !== "BLOCKED") finish(deployment, at, effect);
  if (event === "aliased") assignAliases(state, project, deployment, at, team, effect);
}

function build(deployment: Deployment, at: number, effect: RecordEffect): void {
  if (deployment.outcome === "BLOCKED") {
    deployment.state = "BLOCKED";
    effect(at, "deployment.failed", deployment.id, { state: "BLOCKED" });
    return;
  }
  deployment.state = "BUILDING";
  deployment.buildingAt = at;
}

function finish(deployment: Deployment, at: number, effect: RecordEffect): void {
  deployment.state = deployment.outcome;
  if (deployment.outcome === "CANCELED") deployment.canceledAt = at;
  if (deployment.outcome !== "READY") {
    effect(at, "deployment.failed", deployment.id, { state: deployment.outcome });
    return;
  }
  deployment.readyAt = at;
  if (deployment.target === "production") deployment.substate = "STAGED";
  effect(at, "deployment.ready", deployment.id, { target: deployment.target });
}

function assignAliases(state: VercelState, project: Project, deployment: Deployment, at: number, team: string, effect: RecordEffect): void {
  if (deployment.aliasing === "failed") {
    effect(at, "deployment.alias-failed", deployment.id);
    return;
  }
  deployment.aliasAssignedAt = at;
  if (deployment.target === "preview") {
    const alias = `${project.name}-git-main-${team}.vercel.app`;
    state.aliases.set(alias, { uid: `als_${deployment.id.slice(4)}`, alias, deploymentId: deployment.id, projectId: project.id, createdAt: at });
    deployment.aliases = [alias];
    return;
  }
  const current = project.productionDeploymentId === null ? undefined : state.deployments.get(project.productionDeploymentId);
  const overtaken = current !== undefined && current.createdAt > deployment.createdAt;
  if (deployment.withheld || !project.autoAssignCustomDomains || overtaken) return;
  serveProduction(state, project, deployment, { at, by: "deployment", domains: project.domains }, effect);
}
