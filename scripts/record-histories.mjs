// Records journals of this version for packages/core/test/histories: `node scripts/record-histories.mjs <version>`. Never overwrites one.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./workspace.mjs";

const hooks = pathToFileURL(join(root, "packages/testing/src/emulators/run-from-source.mjs")).href;
const { status } = spawnSync(
  join(root, "node_modules/.bin/node"),
  ["--conditions=@fairlead/source", `--import=${hooks}`, join(root, "packages/core/test/histories/record.ts"), ...process.argv.slice(2)],
  { stdio: "inherit" },
);
process.exit(status ?? 1);
