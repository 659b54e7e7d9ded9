import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { manifestOf } from "./project.mjs";

/** @param {string} project @returns {string[]} everything that can be imported from the installed packages: `@fairlead/core`, `@fairlead/core/cli`, … */
export function entryPointsOf(project) {
  const scope = join(project, "node_modules/@fairlead");
  return readdirSync(scope)
    .sort()
    .flatMap((folder) => {
      const { name, exports } = manifestOf(join(scope, folder));
      return Object.keys(exports).map((subpath) => `${name}${subpath.slice(1)}`);
    });
}

/**
 * Writes a module that imports each of them and prints what it has imported.
 *
 * @param {string} file
 * @param {readonly string[]} entryPoints
 */
export function writeImports(file, entryPoints) {
  const imports = entryPoints.map((name, index) => `import * as entry${index} from "${name}";`);
  const prints = entryPoints.map((name, index) => `console.log("${name}", typeof entry${index});`);
  writeFileSync(file, `${[...imports, ...prints].join("\n")}\n`);
}
