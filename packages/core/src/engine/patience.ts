import { isFairleadError } from "../errors/fairlead-error.js";
import type { Clock } from "../time/clock.js";

/** In milliseconds, besides the patience of the store itself: a database that another takes the place of is back by then. */
const longest = 60_000;

/**
 * Asks a store again that did not answer (`STORE_UNAVAILABLE`), with growing pauses, until it does, a minute is over, or the signal aborts; then rejects with what the store said last. `work` is told
 * whether it was asked before: what it asked for may have happened.
 */
export async function patiently<Result>(
  options: { readonly clock: Clock; readonly signal?: AbortSignal | undefined },
  work: (again: boolean) => Promise<Result>,
): Promise<Result> {
  const { clock, signal } = options;
  const startedAt = clock.now();
  for (let attempts = 0; ; attempts += 1) {
    try {
      return await work(attempts > 0);
    } catch (error) {
      if (!isFairleadError(error, "STORE_UNAVAILABLE") || signal?.aborted === true || clock.now() - startedAt >= longest) throw error;
    }
    // Asked once more when the signal aborts: what it says then is the answer.
    await clock.sleep(Math.min(50 * 2 ** attempts, 1_000), { signal }).catch(() => undefined);
  }
}
