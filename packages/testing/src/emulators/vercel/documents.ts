import type { JsonObject } from "@fairlead/core";
import type { Deployment, Project, VercelState } from "./state.js";
import type { ParsedVercelOptions } from "./vercel-options.js";
import type { VercelSettings } from "./vercel-settings.js";

/** What every document of the account has in common. */
export interface DocumentScene {
  readonly state: VercelState;
  readonly team: ParsedVercelOptions["team"];
  readonly settings: VercelSettings;
}

/** The user that the token belongs to. */
export const emulatedUser = { uid: "usr_emulator", email: "deployer@emulated.example", username: "deployer", name: "Deployer" } as const;

/** The answer to create, get and cancel. */
export function deploymentDocument({ team, settings }: DocumentScene, deployment: Deployment): JsonObject {
  const { id, host, name, state, meta, createdAt } = deployment;
  const ready = deployment.readyAt;
  return {
    id,
    url: host,
    name,
    version: 2,
    type: "LAMBDAS",
    readyState: state,
    status: state,
    ...(deployment.substate === undefined ? {} : { readySubstate: deployment.substate }),
    target: deployment.target === "production" ? "production" : null,
    projectId: deployment.projectId,
    project: { id: deployment.projectId, name, framework: null },
    ownerId: team.id,
    team: { id: team.id, name: team.name, slug: team.slug },
    creator: { uid: emulatedUser.uid, username: emulatedUser.username },
    meta,
    env: deployment.variables,
    build: { env: deployment.buildVariables },
    projectSettings: { framework: null, outputDirectory: deployment.outputDirectory ?? null },
    regions: ["iad1"],
    routes: null,
    plan: settings.plan,
    public: false,
    source: deployment.source,
    createdAt,
    createdIn: "sfo1",
    bootedAt: createdAt,
    buildingAt: deployment.buildingAt ?? createdAt,
    ...(ready === undefined ? {} : { ready }),
    ...(deployment.canceledAt === undefined ? {} : { canceledAt: deployment.canceledAt }),
    buildSkipped: false,
    isInConcurrentBuildsQueue: false,
    isInSystemBuildsQueue: false,
    inspectorUrl: `https://vercel.com/${team.slug}/${name}/${id.slice(4)}`,
    alias: deployment.aliases,
    ...aliasMembers(deployment),
    ...checkMembers(deployment),
    ...(state === "ERROR" ? buildError : {}),
  };
}

const buildError = { errorCode: "BUILD_FAILED", errorMessage: 'Command "npm run build" exited with 1', errorStep: "buildStep" } as const;

function aliasMembers(deployment: Deployment): JsonObject {
  const assigned = deployment.aliasAssignedAt !== undefined;
  const failed = deployment.aliasing === "failed" && deployment.state === "READY" && !assigned;
  return {
    aliasAssigned: assigned,
    ...(assigned ? { aliasAssignedAt: deployment.aliasAssignedAt } : {}),
    aliasError: failed ? { code: "alias_failed", message: "The aliases could not be assigned" } : null,
    aliasWarning: null,
  };
}

function checkMembers(deployment: Deployment): JsonObject {
  if (deployment.checks === "none") return {};
  if (deployment.state !== "READY") return { checksState: "registered" };
  return { checksState: "completed", checksConclusion: deployment.checks };
}

/** One deployment in a list. */
export function deploymentListItem({ team }: DocumentScene, deployment: Deployment): JsonObject {
  const { id, host, name, state, meta, createdAt, projectId } = deployment;
  return {
    uid: id,
    name,
    projectId,
    url: host,
    type: "LAMBDAS",
    state,
    readyState: state,
    ...(deployment.substate === undefined ? {} : { readySubstate: deployment.substate }),
    target: deployment.target === "production" ? "production" : null,
    created: createdAt,
    createdAt,
    buildingAt: deployment.buildingAt ?? createdAt,
    ...(deployment.readyAt === undefined ? {} : { ready: deployment.readyAt }),
    creator: { uid: emulatedUser.uid, email: emulatedUser.email, username: emulatedUser.username },
    inspectorUrl: `https://vercel.com/${team.slug}/${name}/${id.slice(4)}`,
    meta,
    source: deployment.source,
    aliasAssigned: deployment.aliasAssignedAt ?? null,
    aliasError: null,
    isRollbackCandidate: isRollbackCandidate(deployment),
  };
}

/** Whether a rollback may go to this deployment. */
export function isRollbackCandidate(deployment: Deployment): boolean {
  return deployment.state === "READY" && deployment.target === "production" && deployment.substate === "PROMOTED";
}

/** A project, with its last promotion or rollback where that was asked for. */
export function projectDocument(scene: DocumentScene, project: Project, withMove: boolean): JsonObject {
  const { state, team, settings } = scene;
  const production = project.productionDeploymentId === null ? undefined : state.deployments.get(project.productionDeploymentId);
  const newest = [...state.deployments.values()].filter((one) => one.projectId === project.id && !one.deleted).slice(-10);
  return {
    id: project.id,
    name: project.name,
    accountId: team.id,
    createdAt: project.createdAt,
    updatedAt: project.updatedAt,
    framework: null,
    nodeVersion: "24.x",
    rootDirectory: null,
    directoryListing: false,
    deploymentExpiration: {
      expirationDays: 36_500,
      expirationDaysProduction: 36_500,
      expirationDaysCanceled: 36_500,
      expirationDaysErrored: 36_500,
      deploymentsToKeep: 10,
    },
    resourceConfig: { functionDefaultRegions: ["iad1"] },
    defaultResourceConfig: { functionDefaultRegions: ["iad1"] },
    live: production !== undefined,
    autoAssignCustomDomains: project.autoAssignCustomDomains,
    ...project.settings,
    alias: project.domains.map((domain) => ({
      domain,
      target: "PRODUCTION",
      environment: "production",
      configuredBy: "A",
      createdAt: project.createdAt,
      deployment: production === undefined ? null : shortDeployment(production, team.id),
    })),
    latestDeployments: newest.map((one) => shortDeployment(one, team.id)),
    targets: production === undefined ? {} : { production: shortDeployment(production, team.id) },
    ...(withMove ? { lastAliasRequest: settings.reportAliasRequest ? moveDocument(project) : null } : {}),
  };
}

function moveDocument({ move }: Project): JsonObject | null {
  if (move === undefined) return null;
  const { fromDeploymentId, toDeploymentId, requestedAt, status, type } = move;
  return { fromDeploymentId, toDeploymentId, jobStatus: status, requestedAt, type };
}

function shortDeployment(deployment: Deployment, ownerId: string): JsonObject {
  const { id, host, name, state, createdAt, meta, aliases } = deployment;
  return {
    id,
    url: host,
    name,
    alias: aliases,
    aliasAssigned: deployment.aliasAssignedAt ?? null,
    createdAt,
    createdIn: "sfo1",
    creator: { uid: emulatedUser.uid, email: emulatedUser.email, username: emulatedUser.username },
    deploymentHostname: host,
    meta,
    plan: "pro",
    private: false,
    readyState: state,
    ...(deployment.substate === undefined ? {} : { readySubstate: deployment.substate }),
    target: deployment.target === "production" ? "production" : null,
    teamId: ownerId,
    type: "LAMBDAS",
    userId: emulatedUser.uid,
  };
}
