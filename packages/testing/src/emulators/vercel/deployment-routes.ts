import { createHash } from "node:crypto";
import { jsonAnswer, type ProviderAnswer } from "../shared/provider.js";
import { storeFile } from "./deployment-content.js";
import { createDeployment } from "./deployment-create.js";
import { readEvents } from "./deployment-events.js";
import { deploymentDocument, deploymentListItem, isRollbackCandidate } from "./documents.js";
import { apiError, notFound, toPage, type Route, type RouteScene } from "./route.js";
import { findDeployment, findProject, type Deployment } from "./state.js";

/** Uploads and deployments. */
export const deploymentRoutes: readonly Route[] = [
  { operation: "file.upload", method: "POST", path: "/files", versions: [2], act: uploadFile },
  { operation: "deployment.create", method: "POST", path: "/deployments", versions: [13], act: createDeployment },
  { operation: "deployment.list", method: "GET", path: "/deployments", versions: [6, 7], act: listDeployments },
  {
    operation: "deployment.read",
    method: "GET",
    path: "/deployments/:deployment",
    versions: [13],
    act: withDeployment((scene, one) => jsonAnswer(200, deploymentDocument(scene, one))),
  },
  {
    operation: "deployment.cancel",
    method: "PATCH",
    path: "/deployments/:deployment/cancel",
    versions: [12],
    act: withDeployment(cancelDeployment),
  },
  {
    operation: "deployment.delete",
    method: "DELETE",
    path: "/deployments/:deployment",
    versions: [13, 0],
    act: withDeployment(deleteDeployment),
  },
  { operation: "deployment.events", method: "GET", path: "/deployments/:deployment/events", versions: [2, 3], act: readEvents },
  {
    operation: "deployment.builds",
    method: "GET",
    path: "/deployments/:deployment/builds",
    versions: [11],
    act: withDeployment(listBuilds),
  },
  {
    operation: "deployment.checks",
    method: "GET",
    path: "/deployments/:deployment/checks",
    versions: [1],
    act: withDeployment(listChecks),
  },
];

function withDeployment(act: (scene: RouteScene, deployment: Deployment) => ProviderAnswer): Route["act"] {
  return (scene) => {
    const deployment = findDeployment(scene.state, scene.params["deployment"] ?? "");
    return deployment === undefined ? apiError(404, "not_found", "The deployment could not be found") : act(scene, deployment);
  };
}

function uploadFile({ call, state, effect }: RouteScene): ProviderAnswer {
  const asked = call.headers["x-now-digest"] ?? call.headers["x-vercel-digest"];
  const digest = createHash("sha1").update(call.body).digest("hex");
  if (asked !== undefined && asked !== digest)
    return apiError(400, "bad_request", `The digest of the file is ${digest}, not ${String(asked)}`);
  const size = call.headers["x-now-size"];
  if (size !== undefined && Number(size) !== call.body.byteLength)
    return apiError(400, "bad_request", "The size of the file is not as announced");
  if (!state.files.has(digest)) effect("file.uploaded", storeFile(state, call.body), { bytes: call.body.byteLength });
  return jsonAnswer(200, { urls: [] });
}

function listDeployments(scene: RouteScene): ProviderAnswer {
  const { query } = scene.call;
  const project = query.get("projectId") ?? query.get("app");
  const wanted = project === null ? undefined : findProject(scene.state, project);
  if (project !== null && wanted === undefined && query.has("projectId")) return notFound("Project");
  const states = query.get("state")?.split(",");
  const target = query.get("target");
  const meta = [...query].filter(([name]) => name.startsWith("meta-")).map(([name, value]): [string, string] => [name.slice(5), value]);
  const found = [...scene.state.deployments.values()].filter(
    (one) =>
      !one.deleted &&
      (project === null || one.projectId === wanted?.id) &&
      (states === undefined || states.includes(one.state)) &&
      (target === null || target === one.target) &&
      (query.get("rollbackCandidate") !== "true" ||
        (isRollbackCandidate(one) && scene.state.projects.get(one.projectId)?.productionDeploymentId !== one.id)) &&
      meta.every(([key, value]) => one.meta[key] === value),
  );
  const { page, pagination } = toPage(found, query);
  return jsonAnswer(200, { deployments: page.map((one) => deploymentListItem(scene, one)), pagination });
}

function cancelDeployment(scene: RouteScene, deployment: Deployment): ProviderAnswer {
  if (deployment.state !== "QUEUED" && deployment.state !== "BUILDING") {
    return apiError(400, "bad_request", `The deployment is ${deployment.state} and cannot be canceled`);
  }
  deployment.state = "CANCELED";
  deployment.canceledAt = scene.now();
  scene.effect("deployment.canceled", deployment.id);
  return jsonAnswer(200, deploymentDocument(scene, deployment));
}

function deleteDeployment({ state, effect }: RouteScene, deployment: Deployment): ProviderAnswer {
  deployment.deleted = true;
  for (const { alias, deploymentId } of state.aliases.values()) if (deploymentId === deployment.id) state.aliases.delete(alias);
  for (const project of state.projects.values())
    if (project.productionDeploymentId === deployment.id) project.productionDeploymentId = null;
  effect("deployment.deleted", deployment.id);
  return jsonAnswer(200, { uid: deployment.id, state: "DELETED" });
}

function listBuilds(_scene: RouteScene, deployment: Deployment): ProviderAnswer {
  const readyState = deployment.state;
  const build = {
    id: `bld_${deployment.id.slice(4)}`,
    deploymentId: deployment.id,
    entrypoint: ".",
    readyState,
    readyStateAt: deployment.readyAt ?? deployment.createdAt,
    createdAt: deployment.createdAt,
    createdIn: "sfo1",
    use: "@vercel/static",
    output: [],
  };
  return jsonAnswer(200, { builds: [build] });
}

function listChecks(_scene: RouteScene, deployment: Deployment): ProviderAnswer {
  if (deployment.checks === "none") return jsonAnswer(200, { checks: [] });
  const check = {
    id: `check_${deployment.id.slice(4)}`,
    name: "Integration check",
    status: "completed",
    conclusion: deployment.checks,
    blocking: true,
    deploymentId: deployment.id,
    integrationId: "oac_emulator",
    createdAt: deployment.createdAt,
    updatedAt: deployment.createdAt,
  };
  return jsonAnswer(200, { checks: [check] });
}
