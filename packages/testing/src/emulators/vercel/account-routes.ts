import { createHash } from "node:crypto";
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
  { operation: "variable.remove", method: "DELETE", path: "/projects/:project/env/:variable", versions: [9], act: withProject(removeVariable) },
];

function readUser({ team }: RouteScene): ProviderAnswer {
  const { uid: id, email, name, username } = emulatedUser;
  return jsonAnswer(200, { user: { id, email, name, username, avatar: null, defaultTeamId: team.id, version: "northstar", createdAt: 0, limited: true } });
}

function teamDocument({ team, settings }: DocumentScene): Record<string, string | number | null | Record<string, string | boolean | number>> {
  const membership = { role: "OWNER", confirmed: true, confirmedAt: 0, created: 0, createdAt: 0, teamId: team.id, uid: emulatedUser.uid };
  return { ...team, avatar: null, createdAt: 0, creatorId: emulatedUser.uid, membership, billing: { plan: settings.plan }, stagingPrefix: team.slug };
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
function variableDocument({ id, key, type, target, createdAt, updatedAt, value }: Variable): Record<string, string | number | readonly string[]> {
  return { id, key, type, target, createdAt, updatedAt, securityIssues: [], ...(type === "sensitive" ? {} : { value }) };
}

function writeVariables(scene: RouteScene, project: Project): ProviderAnswer {
  const given: unknown = JSON.parse(new TextDecoder().decode(scene.call.body));
  const upsert = scene.call.query.get("upsert") === "true";
  const created: ReturnType<typeof variableDocument>[] = [];
  const failed: { readonly error: { readonly code: string; readonly message: string; readonly envVarKey?: string } }[] = [];
  for (const one of Array.isArray(given) ? given : [given]) {
    const parsed = variableSchema.safeParse(one);
    if (!parsed.success) {
      failed.push({ error: { code: "bad_request", message: z.prettifyError(parsed.error) } });
      continue;
    }
    const { key, type, target } = parsed.data;
    const existing = project.variables.find((variable) => variable.key === key && variable.target.some((name) => target.some((wanted) => wanted === name)));
    if (existing !== undefined && !upsert) {
      failed.push({ error: { code: "ENV_CONFLICT", message: `A variable with the name \`${key}\` already exists`, envVarKey: key } });
      continue;
    }
    const value = type === "plain" ? parsed.data.value : createHash("sha256").update(parsed.data.value).digest("hex");
    const now = scene.now();
    const variable: Variable = { id: existing?.id ?? mintId(scene.state, "", 16), key, type, target, value, createdAt: existing?.createdAt ?? now, updatedAt: now };
    project.variables = [...project.variables.filter(({ id }) => id !== variable.id), variable];
    created.push(variableDocument(variable));
    scene.effect("variable.written", variable.id, { key, target });
  }
  const only = Array.isArray(given) ? created : (created[0] ?? []);
  if (created.length === 0 && !Array.isArray(given)) return apiError(400, failed[0]?.error.code ?? "bad_request", failed[0]?.error.message ?? "Invalid request");
  return jsonAnswer(201, { created: only, failed });
}

function removeVariable(scene: RouteScene, project: Project): ProviderAnswer {
  const id = scene.params["variable"];
  if (!project.variables.some((variable) => variable.id === id)) return notFound("Environment Variable");
  project.variables = project.variables.filter((variable) => variable.id !== id);
  scene.effect("variable.removed", id ?? "");
  return jsonAnswer(200, {});
}
