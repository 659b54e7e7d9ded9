// `npm run quickstart`: from a fresh clone to a shop that deployed itself, on whatever Node the machine has.
// What follows `--` is passed on to the example: `npm run quickstart -- --serve`.
import { join } from "node:path";
import { install, root, run } from "./workspace.mjs";

/** @param {string} what @param {() => Promise<number>} prepare */
async function orExit(what, prepare) {
  process.stdout.write(`${what} … `);
  const start = Date.now();
  const code = await prepare();
  console.log(`${code === 0 ? "done" : "failed"} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
  if (code !== 0) process.exit(code);
}

await orExit("Installing dependencies", install);
await orExit("Building the packages", () => run("npm", ["run", "--silent", "build"], { quiet: true }));

// The terminal sends Ctrl-C to the example as well: it tidies up and ends, and this process ends with its exit code.
process.on("SIGINT", () => {});
process.exitCode = await run("npm", ["run", "--silent", "start", "--", ...process.argv.slice(2)], {
  cwd: join(root, "examples/quickstart"),
});
