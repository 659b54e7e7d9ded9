import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cache, root } from "../workspace.mjs";
import { npmInstall } from "./project.mjs";

/** The oldest Node.js that the packages promise to run on. */
const floor = "22.18.0";

/** @returns {Promise<{ name: string, binary: string }[]>} the Node.js versions that consumers are tried on; the oldest is downloaded once */
export async function nodeVersions() {
  return [
    { name: `Node ${floor}`, binary: await installFloor() },
    { name: "Node 24", binary: join(root, "node_modules/node/bin/node") },
  ];
}

async function installFloor() {
  const folder = join(cache, `node-${floor}`);
  // What the npm package `node` installs by a script.
  const name = `node${process.platform === "darwin" && process.arch === "arm64" ? "-bin" : ""}-${process.platform}-${process.arch}`;
  const binary = join(folder, "node_modules", name, "bin/node");
  if (existsSync(binary)) return binary;
  mkdirSync(cache, { recursive: true });
  const made = mkdtempSync(`${folder}-`);
  try {
    writeFileSync(join(made, "package.json"), '{ "private": true }\n');
    await npmInstall(made, [`${name}@${floor}`]);
    rmSync(folder, { recursive: true, force: true });
    renameSync(made, folder);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
  return binary;
}
