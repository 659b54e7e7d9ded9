// What every published package promises by its package.json: entry points that are built and published alike, one engine, one set of files.
// `node scripts/check-exports.mjs --fix` writes `publishConfig.exports` anew from `exports`.
import { existsSync, writeFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { join } from "node:path";
import { publishedPackages } from "./workspace-packages.mjs";

/** @param {import("./workspace-packages.mjs").Manifest["exports"]} exports */
function toPublished(exports) {
  return Object.fromEntries(Object.entries(exports).map(([subpath, { types, default: file }]) => [subpath, { types, default: file }]));
}

/** @param {string} folder @param {import("./workspace-packages.mjs").Manifest} manifest @returns {string[]} */
function problemsOf(folder, manifest) {
  const problems = [];
  for (const [subpath, entry] of Object.entries(manifest.exports)) {
    if (Object.keys(entry).join() !== "@fairlead/source,types,default") {
      problems.push(`exports["${subpath}"] must have "@fairlead/source", "types" and "default", in this order`);
      continue;
    }
    if (entry.types !== entry.default.replace(/\.js$/, ".d.ts"))
      problems.push(`exports["${subpath}"]: "types" does not stand beside "default"`);
    for (const file of Object.values(entry)) {
      if (!existsSync(join(folder, file)))
        problems.push(`exports["${subpath}"] names ${file}, which does not exist${file.startsWith("./dist/") ? " (is it built?)" : ""}`);
    }
  }
  if (!isDeepStrictEqual(manifest.publishConfig.exports, toPublished(manifest.exports))) {
    problems.push("publishConfig.exports differs from exports: run `node scripts/check-exports.mjs --fix`");
  }
  if (manifest.publishConfig.access !== "public") problems.push('publishConfig.access must be "public"');
  if (manifest.engines?.node !== ">=22.18") problems.push('engines.node must be ">=22.18"');
  return problems;
}

let failed = false;
for (const { folder, manifest } of publishedPackages()) {
  if (process.argv.includes("--fix")) {
    manifest.publishConfig.exports = toPublished(manifest.exports);
    writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  }
  for (const problem of problemsOf(folder, manifest)) {
    failed = true;
    console.error(`${manifest.name}: ${problem}`);
  }
}
if (failed) process.exitCode = 1;
else console.log("exports: what is declared is built, and what is published is what is declared");
