/**
 * @typedef {{ readonly name: string, readonly run: () => Promise<number> }} Stage
 * @typedef {{ readonly name: string, readonly code: number, readonly took: number }} Result
 */

/** @param {number} milliseconds */
function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/** @param {Stage} stage @returns {Promise<Result>} */
async function runStage({ name, run }) {
  console.log(`\n=== ${name}`);
  const start = Date.now();
  const code = await run();
  const took = Date.now() - start;
  console.log(`=== ${name}: ${code === 0 ? "passed" : `FAILED with exit code ${code}`} in ${seconds(took)}`);
  return { name, code, took };
}

/**
 * Runs the stages one after the other, and those of a list side by side; says what each took, and stops where one has failed. Ends with one line per stage.
 *
 * @param {readonly (Stage | readonly Stage[])[]} stages
 * @returns {Promise<boolean>} whether all of them passed
 */
export async function runStages(stages) {
  /** @type {string[]} */
  const summary = [];
  /** @type {string[]} */
  let failed = [];
  for (const entry of stages) {
    const sideBySide = "run" in entry ? [entry] : entry;
    if (failed.length > 0) {
      summary.push(...sideBySide.map(({ name }) => `  not run  ${name}`));
      continue;
    }
    const results = await Promise.all(sideBySide.map(runStage));
    summary.push(...results.map(({ name, code, took }) => `  ${code === 0 ? "passed " : "FAILED "}  ${name} (${seconds(took)})`));
    failed = results.filter(({ code }) => code !== 0).map(({ name }) => name);
  }
  console.log(`\nStages\n${summary.join("\n")}`);
  if (failed.length > 0) console.log(`\nStopped at: ${failed.join(", ")}.`);
  return failed.length === 0;
}
