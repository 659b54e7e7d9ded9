import { outputOf } from "./output-of.mjs";

const printer = `import { registerHooks } from "node:module";
registerHooks({ load: (url, context, next) => (console.log(url), next(url, context)) });`;

/**
 * The packages from which an import loads at least one file, by name, each with the number of its files.
 *
 * @param {string} node the binary
 * @param {string} project
 * @param {string} entryPoint
 * @returns {Promise<Map<string, number>>}
 */
export async function loadedPackages(node, project, entryPoint) {
  const hooks = `data:text/javascript,${encodeURIComponent(printer)}`;
  const printed = await outputOf(node, ["--import", hooks, "--eval", `import("${entryPoint}")`], project);
  const names = printed.split("\n").flatMap((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? []);
  const packages = new Map();
  for (const name of names.sort()) packages.set(name, (packages.get(name) ?? 0) + 1);
  return packages;
}
