import type { Store } from "../contract/store.js";
import { watchPatiently } from "../engine/watch-patiently.js";
import type { Clock } from "../time/clock.js";

/** Looks at a stream again at least this often, in milliseconds, should the store's own notice be late. */
const lookAgain = 1_000;

/** Waits between two looks at a stream. */
export interface JournalWaiter {
  /** Resolves when the stream has changed, or when it is time to look anyway. Rejects when the signal aborts, and with whatever ends it. */
  wait(): Promise<void>;
  stop(): void;
}

export interface WaiterOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** What ends the wait by rejecting: that nobody can go on. */
  readonly broken?: readonly Promise<never>[];
}

/** Waits for a stream to change, for the signal, or for nobody to be able to go on. */
export function createWaiter({ store, clock, broken = [] }: WaiterOptions, stream: string, signal: AbortSignal | undefined): JournalWaiter {
  const stop = new AbortController();
  const changes = watchPatiently({ store, clock, prefix: stream, signal: stop.signal });
  let change: Promise<unknown> | undefined;
  return {
    async wait() {
      signal?.throwIfAborted();
      change ??= changes.next().finally(() => {
        change = undefined;
      });
      const pause = new AbortController();
      const onAbort = (): void => {
        pause.abort(signal?.reason);
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      const slept = clock.sleep(lookAgain, { signal: pause.signal });
      try {
        await Promise.race([change, slept, ...broken]);
      } finally {
        signal?.removeEventListener("abort", onAbort);
        slept.catch(() => undefined);
        pause.abort("it was waited for long enough");
      }
    },
    stop() {
      stop.abort("nobody watches any more");
      change?.catch(() => undefined);
    },
  };
}
