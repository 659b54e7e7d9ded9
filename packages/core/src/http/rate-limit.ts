import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import type { Clock } from "../time/clock.js";

/** How many requests of one identity are answered in a minute. */
export interface RateLimitOptions {
  /** `GET` and `HEAD`. Default 600. */
  readonly reads?: number;
  /** All others. Default 60. */
  readonly writes?: number;
}

interface Bucket {
  left: number;
  at: number;
}

/** More identities than this are not told apart: the one that was quiet for the longest is forgotten. */
const mostBuckets = 10_000;
const minute = 60_000;

/** Counts the requests of each identity; what was not used comes back evenly over a minute. Throws `HTTP_TOO_MANY_REQUESTS` with `retryAfter`. */
export function createRateLimit(
  { reads = 600, writes = 60 }: RateLimitOptions,
  clock: Clock,
): (identity: string, isWrite: boolean) => void {
  const buckets = new Map<string, Bucket>();
  return (identity, isWrite) => {
    const most = isWrite ? writes : reads;
    const key = `${isWrite ? "write" : "read"} ${identity}`;
    const now = clock.now();
    const { left, at } = buckets.get(key) ?? { left: most, at: now };
    const filled = Math.min(most, left + (Math.max(0, now - at) / minute) * most);
    // The last one to come is the last one to be forgotten.
    buckets.delete(key);
    buckets.set(key, { left: filled < 1 ? filled : filled - 1, at: now });
    if (buckets.size > mostBuckets) buckets.delete(buckets.keys().next().value ?? key);
    if (filled >= 1) return;
    const wait = Math.ceil((((1 - filled) / most) * minute) / 1_000) * 1_000;
    throw fail(coreErrors, "HTTP_TOO_MANY_REQUESTS", { seconds: wait / 1_000 }, { retryAfter: wait });
  };
}
