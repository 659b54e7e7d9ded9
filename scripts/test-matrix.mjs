// `npm run test:matrix`: the long matrices; `npm test` runs a seeded sample of each. Of the three longest a run takes a seeded part, so that all end within an hour; `npm run test:matrix -- --all` takes
// everything.
import { runStages } from "./stages.mjs";
import { forgetTotals, sumTotals, toLine, totalsFile } from "./totals.mjs";
import { withServices } from "./with-services.mjs";
import { install, run } from "./workspace.mjs";

const cut = process.argv.includes("--all") ? {} : { FAIRLEAD_MATRIX_CUT: "1" };
const environment = { FAIRLEAD_MATRIX: "full", ...cut, FAIRLEAD_TOTALS: totalsFile("matrix") };

forgetTotals("matrix");
const passed = await withServices((services) =>
  runStages([
    { name: "install", run: install },
    { name: "build", run: () => run("npm", ["run", "--silent", "build"], { quiet: true }) },
    services,
    { name: "matrices", run: () => run("vitest", ["run", "--project", "matrix*"], { env: environment }) },
  ]),
);
console.log(`\n${toLine(sumTotals(["matrix"]))}`);
process.exitCode = passed ? 0 : 1;
