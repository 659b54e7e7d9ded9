import * as z from "zod";
import { jsonAnswer, type ProviderAnswer } from "../shared/provider.js";
import { projectDocument } from "./documents.js";
import { apiError, notFound, toPage, type Route, type RouteScene } from "./route.js";
import { addProject, findProject, mintId, type Project } from "./state.js";

/** Projects and their domains. */
export const projectRoutes: readonly Route[] = [
  { operation: "project.list", method: "GET", path: "/projects", versions: [9, 10], act: listProjects },
  { operation: "project.create", method: "POST", path: "/projects", versions: [9, 10, 11], act: createProject },
  { operation: "project.read", method: "GET", path: "/projects/:project", versions: [9, 0], act: withProject(readProject) },
  { operation: "project.update", method: "PATCH", path: "/projects/:project", versions: [9], act: withProject(updateProject) },
  { operation: "domain.list", method: "GET", path: "/projects/:project/domains", versions: [9, 10], act: withProject(listDomains) },
  { operation: "domain.read", method: "GET", path: "/projects/:project/domains/:domain", versions: [9, 10], act: withProject(readDomain) },
  { operation: "domain.add", method: "POST", path: "/projects/:project/domains", versions: [9, 10], act: withProject(addDomain) },
  {
    operation: "domain.remove",
    method: "DELETE",
    path: "/projects/:project/domains/:domain",
    versions: [9],
    act: withProject(removeDomain),
  },
  {
    operation: "custom-environment.list",
    method: "GET",
    path: "/projects/:project/custom-environments",
    versions: [9, 0],
    act: withProject(() => jsonAnswer(200, { accountLimit: { total: 1 }, environments: [] })),
  },
  {
    operation: "rolling-release.read",
    method: "GET",
    path: "/projects/:project/rolling-release",
    versions: [1],
    act: withProject(() => jsonAnswer(200, { rollingRelease: null })),
  },
  {
    operation: "rolling-release.config",
    method: "GET",
    path: "/projects/:project/rolling-release/config",
    versions: [1],
    act: withProject(() => jsonAnswer(200, { rollingRelease: null })),
  },
];

/** Looks the project up for a route below `/projects/:project`. */
export function withProject(act: (scene: RouteScene, project: Project) => ProviderAnswer): Route["act"] {
  return (scene) => {
    const project = findProject(scene.state, scene.params["project"] ?? "");
    return project === undefined ? notFound("Project") : act(scene, project);
  };
}

function listProjects(scene: RouteScene): ProviderAnswer {
  const { page, pagination } = toPage([...scene.state.projects.values()], scene.call.query);
  return jsonAnswer(200, { projects: page.map((project) => projectDocument(scene, project, false)), pagination });
}

function readProject(scene: RouteScene, project: Project): ProviderAnswer {
  return jsonAnswer(200, projectDocument(scene, project, scene.call.query.get("rollbackInfo") === "true"));
}

function createProject(scene: RouteScene): ProviderAnswer {
  const parsed = z.looseObject({ name: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,99}$/) }).safeParse(scene.body);
  if (!parsed.success) return apiError(400, "bad_request", "Invalid request: `name` is missing or invalid");
  if (findProject(scene.state, parsed.data.name) !== undefined) return apiError(409, "conflict", "A project with that name already exists");
  const project = addProject(scene.state, parsed.data.name, scene.now());
  scene.effect("project.created", project.id, { name: project.name });
  return jsonAnswer(200, projectDocument(scene, project, false));
}

function updateProject(scene: RouteScene, project: Project): ProviderAnswer {
  const { autoAssignCustomDomains, ...settings } = scene.body;
  if (typeof autoAssignCustomDomains === "boolean") project.autoAssignCustomDomains = autoAssignCustomDomains;
  project.settings = { ...project.settings, ...settings };
  project.updatedAt = scene.now();
  scene.effect("project.changed", project.id, scene.body);
  return jsonAnswer(200, projectDocument(scene, project, false));
}

function domainDocument(project: Project, name: string): Record<string, string | number | boolean | null> {
  const apexName = name.split(".").slice(-2).join(".");
  const { id: projectId, createdAt, updatedAt } = project;
  return {
    name,
    apexName,
    projectId,
    redirect: null,
    redirectStatusCode: null,
    gitBranch: null,
    customEnvironmentId: null,
    createdAt,
    updatedAt,
    verified: true,
  };
}

function listDomains({ call }: RouteScene, project: Project): ProviderAnswer {
  const custom = call.query.get("production") === "false" ? [] : project.domains;
  const domains = custom.map((name) => domainDocument(project, name));
  return jsonAnswer(200, { domains, pagination: { count: domains.length, next: null, prev: null } });
}

function readDomain({ params }: RouteScene, project: Project): ProviderAnswer {
  const name = params["domain"] ?? "";
  return project.domains.includes(name) ? jsonAnswer(200, domainDocument(project, name)) : notFound("Project Domain");
}

function addDomain(scene: RouteScene, project: Project): ProviderAnswer {
  const parsed = z.looseObject({ name: z.string().min(1) }).safeParse(scene.body);
  if (!parsed.success)
    return apiError(
      400,
      "missing_name",
      "The `name` field in the body was expected but is not present in the body payload. Example value: `example.com`",
    );
  const { name } = parsed.data;
  const owner = [...scene.state.projects.values()].find(({ domains }) => domains.includes(name));
  if (owner !== undefined)
    return apiError(409, "domain_already_in_use", `Cannot add ${name} since it's already in use by one of your projects.`);
  project.domains.push(name);
  scene.effect("domain.added", name, { project: project.name });
  if (project.productionDeploymentId !== null) {
    const deploymentId = project.productionDeploymentId;
    scene.state.aliases.set(name, {
      uid: mintId(scene.state, "als_"),
      alias: name,
      deploymentId,
      projectId: project.id,
      createdAt: scene.now(),
    });
  }
  return jsonAnswer(200, domainDocument(project, name));
}

function removeDomain(scene: RouteScene, project: Project): ProviderAnswer {
  const name = scene.params["domain"] ?? "";
  if (!project.domains.includes(name)) return notFound("Project Domain");
  project.domains = project.domains.filter((domain) => domain !== name);
  scene.state.aliases.delete(name);
  scene.effect("domain.removed", name, { project: project.name });
  return jsonAnswer(200, {});
}
