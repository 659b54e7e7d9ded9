import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, run } from "../workspace.mjs";

/**
 * Makes a project of somebody who does not know this repository: a consumer's sources, the packed packages, and libraries, installed by npm.
 *
 * @param {string} folder where it comes to be; outside the repository, whose dependencies Node.js would find otherwise
 * @param {{ sources?: string, tarballs: readonly string[], libraries?: Record<string, string> }} contents `sources` is a folder beside this file;
 *   `libraries` names the folder of this repository whose version of a library is taken
 */
export async function installProject(folder, { sources, tarballs, libraries = {} }) {
  if (sources !== undefined) cpSync(join(import.meta.dirname, sources), folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), `${JSON.stringify({ name: "consumer", private: true, type: "module" })}\n`);
  const versions = Object.entries(libraries).map(
    ([name, owner]) => `${name}@${manifestOf(join(root, owner, "node_modules", name)).version}`,
  );
  await npmInstall(folder, [...tarballs, ...versions]);
}

/**
 * No scripts of packages are run: none is needed, and a native addon that is optional would be compiled.
 *
 * @param {string} folder
 * @param {readonly string[]} packages
 */
export async function npmInstall(folder, packages) {
  const options = ["--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];
  const code = await run("npm", ["install", ...options, ...packages], { cwd: folder, quiet: true });
  if (code !== 0) throw new Error(`npm install ended with exit code ${code}`);
}

/** @param {string} folder @returns {{ name: string, version: string, exports: Record<string, unknown> }} */
export function manifestOf(folder) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}
