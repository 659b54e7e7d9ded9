import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Options } from "tsup";

interface PackageManifest {
  readonly exports: Readonly<Record<string, { readonly "@fairlead/source": string; readonly default: string }>>;
}

/**
 * The build of one package. Its entries are the package's `exports`, so that what is built and what is published cannot differ:
 * `"./health": { "@fairlead/source": "./src/health/index.ts", …, "default": "./dist/health.js" }` builds `dist/health.js` from that source.
 */
export function toBuildOptions(packageFolder: string): Options {
  const manifest = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8")) as PackageManifest;
  const entry = Object.fromEntries(
    Object.values(manifest.exports).map((target) => [target.default.replace(/^\.\/dist\/|\.js$/g, ""), target["@fairlead/source"]]),
  );
  return {
    entry,
    format: "esm",
    target: "node22",
    platform: "node",
    dts: true,
    sourcemap: true,
    clean: true,
    splitting: true,
    treeshake: false,
    tsconfig: "tsconfig.build.json",
    // Without this tsup writes `from "sqlite"`, which does not exist: `node:sqlite` has no name without the prefix.
    removeNodeProtocol: false,
  };
}
