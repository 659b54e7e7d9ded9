/** Resolves once everything that is ready has run. No time passes, so it is not a matter of the clock; it holds no process beyond that. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
