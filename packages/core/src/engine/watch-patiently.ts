import type { Store, StoreChange } from "../contract/store.js";
import { isFairleadError } from "../errors/fairlead-error.js";
import type { Clock } from "../time/clock.js";

/** Between two attempts to follow a store that does not answer, in milliseconds. */
const pause = 1_000;

/**
 * Follows a store from here on and is not ended by a store that does not answer: then it yields `undefined`, something may have been missed, and goes on. Ends quietly when the signal aborts.
 */
export async function* watchPatiently(options: {
  readonly store: Store;
  readonly clock: Clock;
  readonly prefix: string;
  readonly signal: AbortSignal;
}): AsyncGenerator<StoreChange | undefined, void, undefined> {
  const { store, clock, prefix, signal } = options;
  for (;;) {
    try {
      yield* store.watch({ prefix, signal });
      return;
    } catch (error) {
      if (!isFairleadError(error, "STORE_UNAVAILABLE")) throw error;
    }
    try {
      await clock.sleep(pause, { signal });
    } catch {
      return;
    }
    yield undefined;
  }
}
