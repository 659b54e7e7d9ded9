/**
 * @typedef {{ readonly name: string, readonly run: () => Promise<number> }} Stage
 */

/** @param {number} milliseconds */
function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/**
 * Runs the stages one after the other, says what each took, and stops at the first that fails. Ends with one line per stage.
 *
 * @param {readonly Stage[]} stages
 * @returns {Promise<boolean>} whether all of them passed
 */
export async function runStages(stages) {
  /** @type {string[]} */
  const summary = [];
  let failed;
  for (const stage of stages) {
    if (failed !== undefined) {
      summary.push(`  not run  ${stage.name}`);
      continue;
    }
    console.log(`\n=== ${stage.name}`);
    const start = Date.now();
    const code = await stage.run();
    const took = seconds(Date.now() - start);
    console.log(`=== ${stage.name}: ${code === 0 ? "passed" : `FAILED with exit code ${code}`} in ${took}`);
    summary.push(`  ${code === 0 ? "passed " : "FAILED "}  ${stage.name} (${took})`);
    if (code !== 0) failed = stage.name;
  }
  console.log(`\nStages\n${summary.join("\n")}`);
  if (failed !== undefined) console.log(`\nStopped at the stage "${failed}".`);
  return failed === undefined;
}
