/** The only source of time. Tests pass their own. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /**
   * Resolves after `milliseconds`; rejects with the signal's reason as soon as it aborts. Keeps the process alive while it waits
   * unless `background` is set. Any length works, also beyond the 24.8 days of `setTimeout`.
   */
  sleep(milliseconds: number, options?: { readonly signal?: AbortSignal | undefined; readonly background?: boolean }): Promise<void>;
}

/** `setTimeout` fires at once beyond this. */
const longestTimer = 2 ** 31 - 1;

/** The machine's clock. */
export const systemClock: Clock = Object.freeze({
  now: () => Date.now(),
  async sleep(milliseconds: number, options: { signal?: AbortSignal | undefined; background?: boolean } = {}): Promise<void> {
    let left = Math.max(0, milliseconds);
    while (left > longestTimer) {
      await sleepOnce(longestTimer, options);
      left -= longestTimer;
    }
    await sleepOnce(left, options);
  },
});

function sleepOnce(milliseconds: number, options: { signal?: AbortSignal | undefined; background?: boolean }): Promise<void> {
  const { signal, background = false } = options;
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, milliseconds);
    if (background) timer.unref();
    if (signal?.aborted === true) onAbort();
    else signal?.addEventListener("abort", onAbort, { once: true });
  });
}
