// Tries `@vercel/sdk` against the emulator. It is generated from Vercel's OpenAPI document and refuses answers that do not fit it, so that what passes
// here has the shape that Vercel publishes. It weighs 52 MB, so it is installed into a temporary folder and no part of `npm test`.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { startVercelEmulator } from "@fairlead/testing/emulators";

const version = "1.28.35";
const work = await mkdtemp(join(tmpdir(), "try-vercel-sdk-"));
let failures = 0;

async function attempt(name, call) {
  try {
    const answer = await call();
    console.log(`pass  ${name}`);
    return answer;
  } catch (error) {
    failures += 1;
    console.log(`FAIL  ${name}\n${error.pretty?.() ?? error.stack}`);
    return undefined;
  }
}

try {
  await writeFile(join(work, "package.json"), JSON.stringify({ private: true }));
  console.log(`installing @vercel/sdk@${version} into ${work}`);
  await promisify(execFile)("npm", ["install", `@vercel/sdk@${version}`, "--no-audit", "--no-fund", "--ignore-scripts"], { cwd: work });
  const { Vercel } = createRequire(join(work, "package.json"))("@vercel/sdk");
  await using emulator = await startVercelEmulator({
    projects: [{ name: "shop", domains: ["shop.example"] }],
    settings: { build: "100ms" },
  });
  const sdk = new Vercel({ bearerToken: emulator.token, serverURL: emulator.url });
  const { teamId } = emulator;
  const shop = { teamId, idOrName: "shop" };
  const create = (text) =>
    sdk.deployments.createDeployment({
      teamId,
      requestBody: { name: "shop", project: "shop", target: "production", files: [{ file: "index.html", data: text }] },
    });

  const first = await attempt("create a deployment", () => create("one"));
  await sleep(200);
  await attempt("read it", () => sdk.deployments.getDeployment({ teamId, idOrUrl: first.id }));
  await attempt("list deployments", () => sdk.deployments.getDeployments({ teamId, projectId: "shop" }));
  await attempt("read its events", () => sdk.deployments.getDeploymentEvents({ teamId, idOrUrl: first.id }));
  await attempt("upload a file", () =>
    sdk.deployments.uploadFile({
      teamId,
      contentLength: 1,
      xNowDigest: createHash("sha1").update("a").digest("hex"),
      requestBody: Buffer.from("a"),
    }),
  );
  await attempt("list projects", () => sdk.projects.getProjects({ teamId }));
  await attempt("update a project", () => sdk.projects.updateProject({ ...shop, requestBody: { autoAssignCustomDomains: true } }));
  await attempt("list domains", () => sdk.projects.getProjectDomains(shop));
  await attempt("add a domain", () => sdk.projects.addProjectDomain({ ...shop, requestBody: { name: "two.example" } }));
  await attempt("read an alias", () => sdk.aliases.getAlias({ teamId, idOrAlias: "shop.example" }));
  await attempt("list aliases", () => sdk.aliases.listAliases({ teamId }));
  await attempt("assign an alias", () => sdk.aliases.assignAlias({ teamId, id: first.id, requestBody: { alias: "three.example" } }));
  await attempt("list a deployment's aliases", () => sdk.aliases.listDeploymentAliases({ teamId, id: first.id }));
  await attempt("read the user", () => sdk.user.getAuthUser());
  await attempt("read the team", () => sdk.teams.getTeam({ teamId }));
  await attempt("list teams", () => sdk.teams.getTeams({}));
  await attempt("write a variable", () =>
    sdk.projects.createProjectEnv({
      ...shop,
      upsert: "true",
      requestBody: { key: "A", value: "b", type: "plain", target: ["production"] },
    }),
  );
  await attempt("list variables", () => sdk.projects.filterProjectEnvs(shop));
  const second = await attempt("create another deployment", () => create("two"));
  await sleep(200);
  await attempt("roll back", () => sdk.projects.requestRollback({ teamId, projectId: "shop", deploymentId: first.id }));
  await sleep(200);
  await attempt("promote", () => sdk.projects.requestPromote({ teamId, projectId: "shop", deploymentId: second.id }));
  await attempt("list promoted aliases", () => sdk.projects.listPromoteAliases({ teamId, projectId: "shop" }));
  const third = await attempt("create a third deployment", () => create("three"));
  await attempt("cancel it", () => sdk.deployments.cancelDeployment({ teamId, id: third.id }));
  await attempt("delete it", () => sdk.deployments.deleteDeployment({ teamId, id: third.id }));
} finally {
  await rm(work, { recursive: true, force: true });
}

console.log(failures === 0 ? "every answer has the shape that Vercel publishes" : `${String(failures)} answers do not`);
process.exitCode = failures === 0 ? 0 : 1;
