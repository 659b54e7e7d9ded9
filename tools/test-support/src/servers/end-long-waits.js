// Loaded into a server before its own code: SIGUSR2 ends all that waits for five minutes or longer, at once. So a test can look at a drain for as long as the machine needs, and end it then.
const start = globalThis.setTimeout;
/** @type {Set<() => void>} */
const waiting = new Set();

/**
 * @param {(...values: unknown[]) => void} callback
 * @param {number} milliseconds
 * @param {...unknown} values
 */
function setTimeout(callback, milliseconds, ...values) {
  const run = () => {
    waiting.delete(endNow);
    callback(...values);
  };
  const timer = start(run, milliseconds);
  const endNow = () => {
    clearTimeout(timer);
    run();
  };
  if (milliseconds >= 300_000) waiting.add(endNow);
  return timer;
}

Object.assign(globalThis, { setTimeout });
process.on("SIGUSR2", () => {
  for (const endNow of [...waiting]) endNow();
});
