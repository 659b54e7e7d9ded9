import type { JsonObject } from "@fairlead/core";
import * as z from "zod";
import { jsonAnswer, type ProviderAnswer } from "../shared/provider.js";
import { emulatedUser } from "./documents.js";
import { apiError, notFound, toPage, type Route, type RouteScene } from "./route.js";
import { findDeployment, mintId, type Alias } from "./state.js";

/** Aliases: which deployment a host name shows. */
export const aliasRoutes: readonly Route[] = [
  { operation: "alias.list", method: "GET", path: "/aliases", versions: [3, 4], act: listAliases },
  { operation: "alias.read", method: "GET", path: "/aliases/:alias", versions: [4], act: readAlias },
  { operation: "alias.assign", method: "POST", path: "/deployments/:deployment/aliases", versions: [2, 0], act: assignAlias },
  {
    operation: "deployment.aliases",
    method: "GET",
    path: "/deployments/:deployment/aliases",
    versions: [2, 0],
    act: listDeploymentAliases,
  },
  { operation: "alias.remove", method: "DELETE", path: "/aliases/:alias", versions: [2], act: removeAlias },
];

function aliasDocument({ state }: RouteScene, { uid, alias, deploymentId, projectId, createdAt }: Alias): JsonObject {
  const deployment = state.deployments.get(deploymentId);
  return {
    uid,
    alias,
    created: new Date(createdAt).toISOString(),
    createdAt,
    updatedAt: createdAt,
    creator: { uid: emulatedUser.uid, email: emulatedUser.email, username: emulatedUser.username },
    deploymentId,
    projectId,
    deployment: { id: deploymentId, url: deployment?.host ?? "", meta: JSON.stringify(deployment?.meta ?? {}) },
    redirect: null,
    redirectStatusCode: null,
    protectionBypass: {},
  };
}

function listAliases(scene: RouteScene): ProviderAnswer {
  const project = scene.call.query.get("projectId");
  const found = [...scene.state.aliases.values()].filter(({ projectId }) => project === null || project === projectId);
  const { page, pagination } = toPage(found, scene.call.query);
  return jsonAnswer(200, { aliases: page.map((alias) => aliasDocument(scene, alias)), pagination });
}

function findAlias({ state, params }: RouteScene): Alias | undefined {
  const name = params["alias"] ?? "";
  return state.aliases.get(name) ?? [...state.aliases.values()].find(({ uid }) => uid === name);
}

function readAlias(scene: RouteScene): ProviderAnswer {
  const alias = findAlias(scene);
  if (alias === undefined) return notFound("Alias");
  return jsonAnswer(200, aliasDocument(scene, alias));
}

function assignAlias(scene: RouteScene): ProviderAnswer {
  const deployment = findDeployment(scene.state, scene.params["deployment"] ?? "");
  if (deployment === undefined) return notFound("Deployment");
  if (deployment.state !== "READY") return apiError(400, "deployment_not_ready", "The deployment is not ready");
  const parsed = z.looseObject({ alias: z.string().regex(/^[a-z0-9.-]+$/i) }).safeParse(scene.body);
  if (!parsed.success) return apiError(400, "invalid_alias", "The supplied alias is invalid");
  const { alias } = parsed.data;
  const before = scene.state.aliases.get(alias);
  const created = scene.now();
  const uid = before?.uid ?? mintId(scene.state, "als_");
  scene.state.aliases.set(alias, { uid, alias, deploymentId: deployment.id, projectId: deployment.projectId, createdAt: created });
  deployment.aliases.push(alias);
  scene.effect("alias.assigned", alias, { deploymentId: deployment.id, from: before?.deploymentId ?? null });
  return jsonAnswer(200, { uid, alias, created: new Date(created).toISOString(), oldDeploymentId: before?.deploymentId ?? null });
}

function listDeploymentAliases(scene: RouteScene): ProviderAnswer {
  const deployment = findDeployment(scene.state, scene.params["deployment"] ?? "");
  if (deployment === undefined) return notFound("Deployment");
  const aliases = [...scene.state.aliases.values()].filter(({ deploymentId }) => deploymentId === deployment.id);
  return jsonAnswer(200, {
    aliases: aliases.map(({ uid, alias, createdAt }) => ({ uid, alias, created: new Date(createdAt).toISOString(), redirect: null })),
  });
}

function removeAlias(scene: RouteScene): ProviderAnswer {
  const alias = findAlias(scene);
  if (alias === undefined) return notFound("Alias");
  scene.state.aliases.delete(alias.alias);
  scene.effect("alias.removed", alias.alias, { deploymentId: alias.deploymentId });
  return jsonAnswer(200, { status: "SUCCESS" });
}
