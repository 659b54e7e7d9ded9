// `npm test`: everything that must hold, from a fresh clone, on whatever Node the machine has. Stops at the first stage that fails.
// FAIRLEAD_COVERAGE=1 adds the coverage of the tests and its threshold.
import { runStages } from "./stages.mjs";
import { forgetTotals, sumTotals, toLine, totalsFile } from "./totals.mjs";
import { withServices } from "./with-services.mjs";
import { install, run } from "./workspace.mjs";

const coverage = process.env.FAIRLEAD_COVERAGE === "1" ? ["--coverage"] : [];

/**
 * A stage beside the tests, which wait more than they work: what it says is printed as a whole, and only where it fails.
 *
 * @param {string} name
 */
const beside = (name, script = name) => ({
  name,
  run: () => run("npm", ["run", "--silent", script], { quiet: true, patient: true }),
});

forgetTotals("test");
const passed = await withServices((services) =>
  runStages([
    { name: "install", run: install },
    { name: "build", run: () => run("npm", ["run", "--silent", "build"], { quiet: true }) },
    services,
    [
      [
        {
          name: "tests",
          run: () => run("vitest", ["run", ...coverage], { env: { FAIRLEAD_TOTALS: totalsFile("test"), FAIRLEAD_PROOFS: "1" } }),
        },
      ],
      [beside("type-check", "typecheck"), beside("format", "format:check"), beside("lint"), beside("packages", "check:packages")],
    ],
  ]),
);
console.log(`\n${toLine(sumTotals(["test"]))}`);
process.exitCode = passed ? 0 : 1;
