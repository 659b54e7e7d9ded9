import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./workspace.mjs";

/**
 * @typedef {{ "@fairlead/source": string, types: string, default: string }} SourceEntry
 * @typedef {{
 *   name: string, version: string, private?: boolean, engines?: { node?: string }, files?: string[],
 *   exports: Record<string, SourceEntry>, publishConfig: { access: string, exports: Record<string, Omit<SourceEntry, "@fairlead/source">> },
 * }} Manifest
 */

/** @returns {{ folder: string, manifest: Manifest }[]} every package that is published, by name */
export function publishedPackages() {
  const folder = join(root, "packages");
  return readdirSync(folder)
    .sort()
    .map((name) => ({ folder: join(folder, name), manifest: JSON.parse(readFileSync(join(folder, name, "package.json"), "utf8")) }))
    .filter(({ manifest }) => manifest.private !== true);
}
