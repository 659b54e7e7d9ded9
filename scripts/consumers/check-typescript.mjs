import assert from "node:assert/strict";
import { join } from "node:path";
import { entryPointsOf, writeImports } from "./entry-points.mjs";
import { loadedPackages } from "./loaded-packages.mjs";
import { outputOf } from "./output-of.mjs";
import { installProject } from "./project.mjs";

/** All that `import "@fairlead/core"` may load; everything else waits until it is needed. `node bench/import.mjs` says what it costs. */
const loadedByCore = ["@fairlead/core", "eventemitter3", "is-network-error", "p-retry", "ulid"];

/**
 * A TypeScript project with every package and every entry point.
 *
 * @param {string} project an empty folder
 * @param {readonly string[]} tarballs
 * @param {readonly { name: string, binary: string }[]} nodes
 */
export async function checkTypeScript(project, tarballs, nodes) {
  await installProject(project, { sources: "esm-typescript", tarballs, libraries: { typescript: ".", "@types/node": "." } });
  const entryPoints = entryPointsOf(project);
  writeImports(join(project, "entry-points.ts"), entryPoints);

  const compiler = join(project, "node_modules/.bin/tsc");
  const resolutions = ["nodenext", "bundler"];
  await Promise.all(resolutions.map((name) => outputOf(compiler, ["--project", `tsconfig.${name}.json`], project)));
  console.log(
    `ESM TypeScript: ${entryPoints.length} entry points compile under ${resolutions.join(" and ")} with the types of all libraries`,
  );

  for (const { name, binary } of nodes) {
    const imported = await outputOf(binary, ["entry-points.ts"], project);
    assert.equal(imported, entryPoints.map((entryPoint) => `${entryPoint} object\n`).join(""), `entry points on ${name}`);
    assert.equal(await outputOf(binary, ["deploy.ts"], project), "succeeded\n", `the deployment on ${name}`);
    assert.deepEqual([...(await loadedPackages(binary, project, "@fairlead/core")).keys()], loadedByCore, `what is loaded on ${name}`);
    console.log(`ESM TypeScript: imports them and deploys on ${name}`);
  }
  console.log(`ESM TypeScript: import "@fairlead/core" loads ${loadedByCore.slice(1).join(", ")} and no more`);
}
