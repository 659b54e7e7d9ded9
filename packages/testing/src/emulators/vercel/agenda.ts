import { toMilliseconds, type JsonObject } from "@fairlead/core";
import type { Deployment, Due, Project, VercelState } from "./state.js";
import { finishMove, serveProduction } from "./traffic.js";
import type { VercelSettings } from "./vercel-settings.js";

/** Records something that time changed, at the time when it did. */
export type RecordTimedEffect = (at: number, kind: string, subject: string, details?: JsonObject) => void;

/** What time works on. */
export interface TimeScene {
  readonly state: VercelState;
  /** The team's slug, a part of host names. */
  readonly team: string;
  readonly effect: RecordTimedEffect;
}

/** What a new deployment will go through. */
export function scheduleBuild(state: VercelState, deployment: Deployment, settings: VercelSettings): void {
  const building = deployment.createdAt + toMilliseconds(settings.queue);
  const finished = building + toMilliseconds(settings.build);
  state.agenda.push(
    { at: building, event: "building", subject: deployment.id },
    { at: finished, event: "finished", subject: deployment.id },
  );
  if (deployment.outcome !== "READY" || deployment.aliasing === "never" || deployment.checks === "failed") return;
  state.agenda.push({ at: finished + toMilliseconds(settings.assign), event: "aliased", subject: deployment.id });
}

/** What a promotion or rollback will go through. */
export function scheduleMove(state: VercelState, project: Project, now: number, settings: VercelSettings): void {
  const lasts = toMilliseconds(settings.move);
  state.agenda.push(
    { at: now + lasts / 4, event: "moving", subject: project.id },
    { at: now + lasts, event: "moved", subject: project.id },
  );
}

/** Lets everything happen that was due until `now`, in its order. */
export function settle(scene: TimeScene, now: number): void {
  const { state } = scene;
  const due = state.agenda.filter(({ at }) => at <= now).sort((one, other) => one.at - other.at);
  if (due.length === 0) return;
  state.agenda = state.agenda.filter(({ at }) => at > now);
  for (const one of due) happen(scene, one);
}

function happen(scene: TimeScene, due: Due): void {
  const { state } = scene;
  const deployment = state.deployments.get(due.subject);
  const project = state.projects.get(deployment?.projectId ?? due.subject);
  if (project === undefined) return;
  if (deployment === undefined) moveOn(scene, project, due);
  else if (!deployment.deleted && deployment.state !== "CANCELED") buildOn(scene, project, deployment, due);
}

function moveOn(scene: TimeScene, project: Project, { at, event }: Due): void {
  if (event === "moving" && project.move !== undefined) project.move.status = "in-progress";
  if (event === "moved") finishMove(scene, project, at);
}

function buildOn(scene: TimeScene, project: Project, deployment: Deployment, { at, event }: Due): void {
  if (event === "building") build(scene, deployment, at);
  if (event === "finished" && deployment.state !== "BLOCKED") finish(scene, deployment, at);
  if (event === "aliased") assignAliases(scene, project, deployment, at);
}

function build({ effect }: TimeScene, deployment: Deployment, at: number): void {
  if (deployment.outcome === "BLOCKED") {
    deployment.state = "BLOCKED";
    effect(at, "deployment.failed", deployment.id, { state: "BLOCKED" });
    return;
  }
  deployment.state = "BUILDING";
  deployment.buildingAt = at;
}

function finish({ effect }: TimeScene, deployment: Deployment, at: number): void {
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

function assignAliases(scene: TimeScene, project: Project, deployment: Deployment, at: number): void {
  const { state, team, effect } = scene;
  if (deployment.aliasing === "failed") {
    effect(at, "deployment.alias-failed", deployment.id);
    return;
  }
  deployment.aliasAssignedAt = at;
  if (deployment.target === "preview") {
    const alias = `${project.name}-git-main-${team}.vercel.app`;
    state.aliases.set(alias, {
      uid: `als_${deployment.id.slice(4)}`,
      alias,
      deploymentId: deployment.id,
      projectId: project.id,
      createdAt: at,
    });
    deployment.aliases = [alias];
    return;
  }
  const current = project.productionDeploymentId === null ? undefined : state.deployments.get(project.productionDeploymentId);
  const overtaken = current !== undefined && current.createdAt > deployment.createdAt;
  if (deployment.withheld || !project.autoAssignCustomDomains || overtaken) return;
  serveProduction(scene, project, deployment, { at, by: "deployment", domains: project.domains });
}
