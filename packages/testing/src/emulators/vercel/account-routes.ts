import { createHash } from "node:crypto";
import type { JsonObject } from "@fairlead/core";
import * as z from "zod";
import { jsonAnswer, type ProviderAnswer } from "../shared/provider.js";
import { emulatedUser, type DocumentScene } from "./documents.js";
import { withProject } from "./project-routes.js";
import { apiError, notFound, type Route, type RouteScene } from "./route.js";
import { mintId, type Project, type Variable } from "./state.js";

/** User, teams and environment variables. */
export const accountRoutes: readonly Route[] = [
  { operation: "user.read", method: "GET", path: "/user", versions: [2], act: readUser },
  { operation: "team.list", method: "GET", path: "/teams", versions: [1, 2], act: listTeams },
  { operation: "team.read", method: "GET", path: "/teams/:team", versions: [2, 0], act: readTeam },
  { operation: "variable.list", method: "GET", path: "/projects/:project/env", versions: [8, 9, 10], act: withProject(listVariables) },
  { operation: "variable.write", method: "POST", path: "/projects/:project/env", versions: [9, 10], act: withProject(writeVariables) },
  {
    operation: "variable.remove",
    method: "DELETE",
    path: "/projects/:project/env/:variable",
    versions: [9],
    act: withProject(removeVariable),
  },
];

function readUser({ team }: RouteScene): ProviderAnswer {
  const { uid: id, email, name, username } = emulatedUser;
  return jsonAnswer(200, {
    user: { id, email, name, username, avatar: null, defaultTeamId: team.id, version: "northstar", createdAt: 0, limited: true },
  });
}

function teamDocument({
  team,
  settings,
}: DocumentScene): Record<string, string | number | null | Record<string, string | boolean | number>> {
  const membership = { role: "OWNER", confirmed: true, confirmedAt: 0, created: 0, createdAt: 0, teamId: team.id, uid: emulatedUser.uid };
  return {
    ...team,
    avatar: null,
    createdAt: 0,
    creatorId: emulatedUser.uid,
    membership,
    billing: { plan: settings.plan },
    stagingPrefix: team.slug,
  };
}

function listTeams(scene: RouteScene): ProviderAnswer {
  return jsonAnswer(200, { teams: [teamDocument(scene)], pagination: { count: 1, next: null, prev: null } });
}

function readTeam(scene: RouteScene): ProviderAnswer {
  const { team: asked = "" } = scene.params;
  return asked === scene.team.id || asked === scene.team.slug ? jsonAnswer(200, teamDocument(scene)) : notFound("Team");
}

const variableSchema = z.looseObject({
  key: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,255}$/),
  value: z.string().max(65_536),
  type: z.enum(["system", "encrypted", "plain", "sensitive"]),
  target: z.array(z.enum(["production", "preview", "development"])).default([]),
});

function listVariables(_scene: RouteScene, project: Project): ProviderAnswer {
  return jsonAnswer(200, { envs: project.variables.map((variable) => variableDocument(variable)) });
}

/** Only plain values can be read back; of the others the account keeps a digest, so that nothing here can leak them. */
function variableDocument({ id, key, type, target, createdAt, updatedAt, value }: Variable): JsonObject {
  return { id, key, type, target, createdAt, updatedAt, securityIssues: [], ...(type === "sensitive" ? {} : { value }) };
}

/** One or many; answers 201 also where some failed. */
function writeVariables(scene: RouteScene, project: Project): ProviderAnswer {
  const given: unknown = JSON.parse(new TextDecoder().decode(scene.call.body));
  const results = (Array.isArray(given) ? given : [given]).map((one) => writeVariable(scene, project, one));
  const created = results.flatMap((result) => ("created" in result ? [result.created] : []));
  const failed = results.flatMap((result) => ("error" in result ? [{ error: result.error }] : []));
  const [refused] = failed;
  if (!Array.isArray(given) && refused !== undefined) return apiError(400, refused.error.code, refused.error.message);
  return jsonAnswer(201, { created: Array.isArray(given) ? created : (created[0] ?? []), failed });
}

type WrittenVariable = { readonly created: JsonObject } | { readonly error: { readonly code: string; readonly message: string } };

function writeVariable(scene: RouteScene, project: Project, given: unknown): WrittenVariable {
  const parsed = variableSchema.safeParse(given);
  if (!parsed.success) return { error: { code: "bad_request", message: z.prettifyError(parsed.error) } };
  const { key, type, target, value } = parsed.data;
  const existing = project.variables.find(
    (variable) => variable.key === key && variable.target.some((name) => target.some((wanted) => wanted === name)),
  );
  if (existing !== undefined && scene.call.query.get("upsert") !== "true") {
    return { error: { code: "ENV_CONFLICT", message: `A variable with the name \`${key}\` already exists` } };
  }
  const now = scene.now();
  const variable: Variable = {
    id: existing?.id ?? mintId(scene.state, "", 16),
    key,
    type,
    target,
    value: type === "plain" ? value : createHash("sha256").update(value).digest("hex"),
    createdAt: existing?.createdAt ?? now,
    updatedAt: now,
  };
  project.variables = [...project.variables.filter(({ id }) => id !== variable.id), variable];
  scene.effect("variable.written", variable.id, { key, target });
  return { created: variableDocument(variable) };
}

function removeVariable(scene: RouteScene, project: Project): ProviderAnswer {
  const id = scene.params["variable"];
  if (!project.variables.some((variable) => variable.id === id)) return notFound("Environment Variable");
  project.variables = project.variables.filter((variable) => variable.id !== id);
  scene.effect("variable.removed", id ?? "");
  return jsonAnswer(200, {});
}
