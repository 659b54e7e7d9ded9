import * as z from "zod";
import { jsonAnswer, type ProviderAnswer } from "../shared/provider.js";
import { scheduleBuild } from "./agenda.js";
import { readContent } from "./deployment-content.js";
import { deploymentDocument } from "./documents.js";
import { apiError, notFound, type RouteScene } from "./route.js";
import { addProject, findDeployment, findProject, mintHash, mintId, type Deployment, type Project } from "./state.js";

const bodySchema = z.looseObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,99}$/, "the name may hold lower case letters, digits, '.', '_' and '-'"),
  project: z.string().optional(),
  target: z.enum(["production", "staging"]).nullish(),
  meta: z.record(z.string(), z.string()).default({}),
  env: z.record(z.string(), z.string()).default({}),
  build: z.object({ env: z.record(z.string(), z.string()).default({}) }).default({ env: {} }),
  source: z.string().default("cli"),
  deploymentId: z.string().optional(),
  autoAssignCustomDomains: z.boolean().optional(),
  projectSettings: z.looseObject({ outputDirectory: z.string().nullish() }).optional(),
});

type CreateBody = z.infer<typeof bodySchema>;

/** `POST /v13/deployments`: from files, or again from another deployment's files. There is no idempotency key: every call that succeeds creates one. */
export function createDeployment(scene: RouteScene): ProviderAnswer {
  const parsed = bodySchema.safeParse(scene.body);
  if (!parsed.success) return apiError(400, "bad_request", `Invalid request: ${z.prettifyError(parsed.error)}`);
  const body = parsed.data;
  const project = findProject(scene.state, body.project ?? body.name);
  const refused = project === undefined ? refuseNewProject(scene, body) : undefined;
  if (refused !== undefined) return refused;
  const content = readFiles(scene, body.deploymentId);
  if ("refused" in content) return content.refused;

  const deployment = toDeployment(scene, project ?? createProject(scene, body.project ?? body.name), body, content.files);
  scene.state.deployments.set(deployment.id, deployment);
  const { id, name, target, host, meta } = deployment;
  scene.effect("deployment.created", id, { project: name, target, url: host, meta });
  scheduleBuild(scene.state, deployment, scene.settings);
  scene.settle();
  return jsonAnswer(200, deploymentDocument(scene, deployment));
}

function toDeployment(scene: RouteScene, project: Project, body: CreateBody, files: Deployment["files"]): Deployment {
  const { state, settings, team } = scene;
  return {
    id: mintId(state, "dpl_"),
    host: `${project.name}-${mintHash(state)}-${team.slug}.vercel.app`,
    name: project.name,
    projectId: project.id,
    target: body.target === "production" ? "production" : "preview",
    source: body.deploymentId === undefined ? body.source : "redeploy",
    meta: body.meta,
    files,
    outputDirectory: body.projectSettings?.outputDirectory ?? undefined,
    variables: Object.keys(body.env),
    buildVariables: Object.keys(body.build.env),
    withheld: body.autoAssignCustomDomains === false,
    createdAt: scene.now(),
    outcome: settings.buildOutcome,
    aliasing: settings.aliasing,
    checks: settings.checks,
    state: "QUEUED",
    substate: undefined,
    buildingAt: undefined,
    readyAt: undefined,
    canceledAt: undefined,
    aliasAssignedAt: undefined,
    aliases: [],
    deleted: false,
  };
}

/** A project comes to exist with its first deployment only by name and with settings. */
function refuseNewProject({ call }: RouteScene, body: CreateBody): ProviderAnswer | undefined {
  if (body.project?.startsWith("prj_") === true) return notFound("Project");
  if (body.projectSettings !== undefined || call.query.get("skipAutoDetectionConfirmation") === "1") return undefined;
  return missingSettings;
}

function createProject(scene: RouteScene, name: string): Project {
  const project = addProject(scene.state, name, scene.now());
  scene.effect("project.created", project.id, { name });
  return project;
}

function readFiles({ state, body }: RouteScene, from: string | undefined): ReturnType<typeof readContent> {
  if (from === undefined) return readContent(state, body);
  const source = findDeployment(state, from);
  return source === undefined ? { refused: notFound("Deployment") } : { files: source.files };
}

const missingSettings = apiError(
  400,
  "missing_project_settings",
  "The `projectSettings` object is required for new projects, but is missing in the deployment payload",
  { framework: null, projectSettings: { framework: null, outputDirectory: null } },
);
