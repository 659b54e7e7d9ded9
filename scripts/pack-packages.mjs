import { readdirSync } from "node:fs";
import { join } from "node:path";
import { run, toPnpm } from "./workspace.mjs";

/**
 * Packs every published package into a folder, as a release would: without the source condition, with real versions for `workspace:`.
 *
 * @param {string} folder an empty one
 * @returns {Promise<string[]>} the paths of the tarballs
 */
export async function packPackages(folder) {
  const code = await run(...toPnpm(["--recursive", "--filter", "./packages/*", "pack", "--pack-destination", folder]), { quiet: true });
  if (code !== 0) throw new Error(`pnpm pack ended with exit code ${code}`);
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name));
}
