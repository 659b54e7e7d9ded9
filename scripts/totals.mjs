import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cache } from "./workspace.mjs";

/** @typedef {{ passed: number, failed: number, skipped: number, failures: string[] }} Totals */

/** @param {string} run "test" or "matrix" @returns {string} the file in which a run of vitest leaves its numbers */
export function totalsFile(run) {
  return join(cache, `totals-${run}.json`);
}

/** @param {string} run forgets the numbers of an earlier run */
export function forgetTotals(run) {
  rmSync(totalsFile(run), { force: true });
}

/** @param {readonly string[]} runs @returns {Totals} the sum of what the runs left; a run that left nothing counts nothing */
export function sumTotals(runs) {
  /** @type {Totals} */
  const totals = { passed: 0, failed: 0, skipped: 0, failures: [] };
  for (const file of runs.map(totalsFile).filter((path) => existsSync(path))) {
    const part = JSON.parse(readFileSync(file, "utf8"));
    totals.passed += part.passed;
    totals.failed += part.failed;
    totals.skipped += part.skipped;
    totals.failures.push(...part.failures);
  }
  return totals;
}

/** @param {Totals} totals */
export function toLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

if (process.argv[1] === import.meta.filename) {
  const totals = sumTotals(process.argv.slice(2));
  for (const failure of totals.failures) console.log(`FAILED  ${failure}`);
  console.log(toLine(totals));
}
