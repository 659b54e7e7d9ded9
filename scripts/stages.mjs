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
 * One after the other, to the first that fails.
 *
 * @param {readonly Stage[]} lane
 * @returns {Promise<readonly Result[]>} of those that were run
 */
async function runLane(lane) {
  /** @type {Result[]} */
  const results = [];
  for (const stage of lane) {
    const result = await runStage(stage);
    results.push(result);
    if (result.code !== 0) break;
  }
  return results;
}

/**
 * Runs the stages one after the other, and lanes of stages side by side; says what each took, and stops where one has failed: its lane at once, the others at their ends. Ends with one line per stage.
 *
 * @param {readonly (Stage | readonly (readonly Stage[])[])[]} stages
 * @returns {Promise<boolean>} whether all of them passed
 */
export async function runStages(stages) {
  /** @type {Map<string, Result>} */
  const results = new Map();
  const failed = () => [...results.values()].filter(({ code }) => code !== 0).map(({ name }) => name);
  const all = stages.map((entry) => ("run" in entry ? [[entry]] : entry));
  for (const lanes of all) {
    if (failed().length > 0) break;
    for (const result of (await Promise.all(lanes.map(runLane))).flat()) results.set(result.name, result);
  }
  const summary = all.flat(2).map(({ name }) => {
    const result = results.get(name);
    if (result === undefined) return `  not run  ${name}`;
    return `  ${result.code === 0 ? "passed " : "FAILED "}  ${name} (${seconds(result.took)})`;
  });
  console.log(`\nStages\n${summary.join("\n")}`);
  if (failed().length > 0) console.log(`\nStopped at: ${failed().join(", ")}.`);
  return failed().length === 0;
}
