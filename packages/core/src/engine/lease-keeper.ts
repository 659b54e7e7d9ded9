import type { Lease, Store } from "../contract/store.js";
import { isFairleadError } from "../errors/fairlead-error.js";
import type { Clock } from "../time/clock.js";

export interface LeaseKeeper {
  /** Aborts when the lease has passed to another process, or may have. */
  readonly lost: AbortSignal;
  /** Stops renewing; the lease itself is ended by the last commit. */
  stop(): void;
}

/** Renews a lease three times within its length. A refusal is the end of it; a store that does not answer is asked again until the lease would have expired. */
export function keepLease(options: {
  readonly store: Store;
  readonly clock: Clock;
  readonly lease: Lease;
  readonly ttl: number;
}): LeaseKeeper {
  const { store, clock, ttl } = options;
  const lost = new AbortController();
  const stopped = new AbortController();
  const renew = async (): Promise<void> => {
    let { lease } = options;
    let renewedAt = clock.now();
    for (;;) {
      await clock.sleep(ttl / 3, { signal: stopped.signal, background: true });
      const askedAt = clock.now();
      try {
        lease = await store.leases.renew(lease, ttl);
        renewedAt = askedAt;
      } catch (error) {
        if (isFairleadError(error, "LEASE_LOST") || clock.now() - renewedAt >= ttl) {
          lost.abort(error);
          return;
        }
      }
    }
  };
  renew().catch(() => undefined);
  return {
    lost: lost.signal,
    stop: () => {
      stopped.abort("the lease is not needed any more");
    },
  };
}
