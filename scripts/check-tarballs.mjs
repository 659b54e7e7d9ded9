// Packs every published package as a release would and looks at what a stranger gets: the files, the manifest, publint, are-the-types-wrong.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { packPackages } from "./pack-packages.mjs";
import { run } from "./workspace.mjs";

const expectedFile = /^package\/(dist\/.+\.(js|js\.map|d\.ts)|package\.json|README\.md|LICENSE|CHANGELOG\.md)$/;

/** @param {string} tarball @returns {string[]} what is wrong with its files and its manifest */
function problemsOf(tarball) {
  const files = execFileSync("tar", ["-tzf", tarball], { encoding: "utf8" }).trim().split("\n");
  const manifest = execFileSync("tar", ["-xzOf", tarball, "package/package.json"], { encoding: "utf8" });
  const problems = files.filter((file) => !expectedFile.test(file)).map((file) => `${file} has no place in a published package`);
  for (const required of ["package/README.md", "package/LICENSE"]) if (!files.includes(required)) problems.push(`${required} is missing`);
  // Scripts are for this repository, and nobody runs them from the package.
  const whatUsersMeet = JSON.stringify({ ...JSON.parse(manifest), scripts: {} });
  for (const leftover of ["@fairlead/source", "workspace:", "catalog:"]) {
    if (whatUsersMeet.includes(leftover)) problems.push(`its package.json still says "${leftover}"`);
  }
  return problems;
}

const folder = mkdtempSync(join(tmpdir(), "fairlead-pack-"));
let failed = false;
try {
  for (const tarball of await packPackages(folder)) {
    const problems = problemsOf(tarball);
    for (const problem of problems) console.error(`${basename(tarball)}: ${problem}`);
    const publint = await run("publint", ["run", tarball, "--strict"], { quiet: true });
    const types = await run("attw", [tarball, "--profile", "esm-only", "--no-emoji"], { quiet: true });
    if (problems.length === 0 && publint === 0 && types === 0)
      console.log(`${basename(tarball)}: files, manifest, publint and types are right`);
    else failed = true;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (failed) process.exitCode = 1;
