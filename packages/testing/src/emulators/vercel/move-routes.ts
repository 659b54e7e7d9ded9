import { jsonAnswer, type ProviderAnswer } from "../shared/provider.js";
import { scheduleMove } from "./agenda.js";
import { isRollbackCandidate } from "./documents.js";
import { apiError, notFound, type Route, type RouteScene } from "./route.js";
import { findProject, type Deployment, type MoveRequest, type Project } from "./state.js";

/** Promotion and rollback. */
export const moveRoutes: readonly Route[] = [
  {
    operation: "deployment.promote",
    method: "POST",
    path: "/projects/:project/promote/:deployment",
    versions: [9, 10],
    act: withBoth(promote),
  },
  {
    operation: "deployment.rollback",
    method: "POST",
    path: "/projects/:project/rollback/:deployment",
    versions: [1, 9],
    act: withBoth(rollback),
  },
  {
    operation: "rollback.describe",
    method: "PATCH",
    path: "/projects/:project/rollback/:deployment/update-description",
    versions: [1],
    act: withBoth(describeRollback),
  },
  { operation: "promote.aliases", method: "GET", path: "/projects/:project/promote/aliases", versions: [1, 9], act: listMoved },
  { operation: "rollback.aliases", method: "GET", path: "/projects/:project/rollback/aliases", versions: [1, 9], act: listMoved },
];

function withBoth(act: (scene: RouteScene, project: Project, deployment: Deployment) => ProviderAnswer): Route["act"] {
  return (scene) => {
    const project = findProject(scene.state, scene.params["project"] ?? "");
    const deployment = scene.state.deployments.get(scene.params["deployment"] ?? "");
    if (project === undefined) return notFound("Project");
    if (deployment === undefined || deployment.deleted || deployment.projectId !== project.id) return notFound("Deployment");
    return act(scene, project, deployment);
  };
}

function promote(scene: RouteScene, project: Project, deployment: Deployment): ProviderAnswer {
  if (deployment.target !== "production")
    return apiError(
      422,
      "unprocessable_entity",
      "Only a deployment with the target production can be promoted; a preview has to be built again",
    );
  return refusal(project, deployment) ?? request(scene, project, deployment, "promote");
}

function rollback(scene: RouteScene, project: Project, deployment: Deployment): ProviderAnswer {
  const refused = refusal(project, deployment);
  if (refused !== undefined) return refused;
  if (!isRollbackCandidate(deployment))
    return apiError(422, "unprocessable_entity", "The deployment has never served production, so it is no candidate for a rollback");
  if (scene.settings.plan === "hobby" && project.servedBefore.at(-1) !== deployment.id) {
    return apiError(402, "payment_required", "On the Hobby plan a rollback can only go to the previous production deployment");
  }
  project.rollbackDescription = scene.call.query.get("description") ?? undefined;
  return request(scene, project, deployment, "rollback");
}

function refusal(project: Project, deployment: Deployment): ProviderAnswer | undefined {
  if (deployment.state !== "READY") return apiError(422, "unprocessable_entity", `The deployment is ${deployment.state}, not READY`);
  if (isMoving(project)) return apiError(409, "conflict", "Another promotion or rollback of this project is in progress");
  if (project.productionDeploymentId === deployment.id) {
    return apiError(409, "conflict", `The provided deploymentId (${deployment.id}) is already the current production deployment.`);
  }
  return undefined;
}

function isMoving({ move }: Project): boolean {
  return move?.status === "pending" || move?.status === "in-progress";
}

function request(scene: RouteScene, project: Project, deployment: Deployment, type: MoveRequest["type"]): ProviderAnswer {
  const { settings, effect } = scene;
  const now = scene.now();
  project.move = {
    type,
    fromDeploymentId: project.productionDeploymentId,
    toDeploymentId: deployment.id,
    requestedAt: now,
    outcome: settings.moveOutcome,
    movedDomains: settings.movedDomains,
    status: "pending",
  };
  effect(type === "promote" ? "promotion.requested" : "rollback.requested", deployment.id, {
    project: project.name,
    from: project.productionDeploymentId,
  });
  scheduleMove(scene.state, project, now, settings);
  // As the API does it: no body and no content type.
  return { status: 201 };
}

function describeRollback({ call, effect }: RouteScene, project: Project): ProviderAnswer {
  const description = call.query.get("description") ?? "";
  if (description.length > 250) return apiError(400, "bad_request", "The description may have 250 characters");
  project.rollbackDescription = description;
  effect("project.changed", project.id, { rollbackDescription: description });
  return jsonAnswer(200, {});
}

/** Where each domain of the last promotion or rollback stands. */
function listMoved({ state, params, call }: RouteScene): ProviderAnswer {
  const project = findProject(state, params["project"] ?? "");
  if (project === undefined) return notFound("Project");
  const wanted = project.move?.toDeploymentId;
  const aliases = project.domains
    .map((alias) => {
      const deploymentId = state.aliases.get(alias)?.deploymentId ?? null;
      return { alias: { alias, deploymentId }, id: `job_${alias}`, status: deploymentId === wanted ? "completed" : "failed" };
    })
    .filter(({ status }) => call.query.get("failedOnly") !== "true" || status === "failed");
  return jsonAnswer(200, { aliases, pagination: { count: aliases.length, next: null, prev: null } });
}
