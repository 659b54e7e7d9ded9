// Installs the packed packages into empty projects, as their users would, and lets those compile and run on every Node.js that is promised.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkCommonJs } from "./consumers/check-commonjs.mjs";
import { checkTypeScript } from "./consumers/check-typescript.mjs";
import { nodeVersions } from "./consumers/node-versions.mjs";
import { packPackages } from "./pack-packages.mjs";

const folder = mkdtempSync(join(tmpdir(), "fairlead-consumers-"));
/** @param {string} name */
const subfolder = (name) => {
  mkdirSync(join(folder, name));
  return join(folder, name);
};
try {
  const tarballs = await packPackages(subfolder("tarballs"));
  const nodes = await nodeVersions();
  await checkTypeScript(subfolder("esm-typescript"), tarballs, nodes);
  await checkCommonJs(subfolder("commonjs-express"), tarballs, nodes);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
