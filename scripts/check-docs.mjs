// Whether `docs/errors.md` and `docs/events.md` say what the sources say: the catalogues of errors, and the docstrings of the events' types.
// `node scripts/check-docs.mjs --fix` writes them anew.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { renderErrors } from "./docs/errors.mjs";
import { renderEvents } from "./docs/events.mjs";
import { readSources } from "./docs/sources.mjs";
import { root } from "./workspace.mjs";

const program = readSources();
let failed = false;
for (const [name, render] of /** @type {const} */ ([
  ["docs/errors.md", renderErrors],
  ["docs/events.md", renderEvents],
])) {
  const file = join(root, name);
  const text = await format(render(program), { ...(await resolveConfig(file)), parser: "markdown" });
  if (process.argv.includes("--fix")) writeFileSync(file, text);
  else if (readOrNothing(file) !== text) {
    failed = true;
    console.error(`${name} is not what the sources say: run \`node scripts/check-docs.mjs --fix\``);
  }
}
if (failed) process.exitCode = 1;
else console.log("docs: errors and events are what the sources say");

/** @param {string} file */
function readOrNothing(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
