import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { outputOf } from "./output-of.mjs";
import { installProject } from "./project.mjs";

const providerLibraries = ["@vercel/client", "dockerode", "nodemailer", "pg"];
const answers = ["/ 200", "/api/health 200", "/api/health/ready 200", "/api/health/live 200"];

/**
 * A CommonJS application on Express that takes nothing but the environment and the health of `@fairlead/core`.
 *
 * @param {string} project an empty folder
 * @param {readonly string[]} tarballs
 * @param {readonly { name: string, binary: string }[]} nodes
 */
export async function checkCommonJs(project, tarballs, nodes) {
  const core = tarballs.filter((tarball) => basename(tarball).startsWith("fairlead-core-"));
  await installProject(project, { sources: "commonjs-express", tarballs: core, libraries: { express: "packages/core" } });
  const installed = packagesIn(join(project, "node_modules"));
  const providers = installed.filter((name) => providerLibraries.includes(name) || name.startsWith("@fairlead/plugin-"));
  assert.deepEqual(providers, [], "libraries of providers in the tree of @fairlead/core");
  console.log(`CommonJS Express: none of its ${installed.length} packages is of a provider`);

  for (const { name, binary } of nodes) {
    assert.deepEqual((await outputOf(binary, ["server.cjs"], project)).trim().split("\n"), answers, `answers on ${name}`);
    console.log(`CommonJS Express: requires @fairlead/core/env and /health and answers on ${name}`);
  }
}

/** @param {string} folder @returns {string[]} the names of all packages in a `node_modules`, at any depth */
function packagesIn(folder) {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => basename(file) === "package.json")
    .flatMap((file) => /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\/package\.json$/.exec(`node_modules/${file}`)?.[1] ?? []);
}
