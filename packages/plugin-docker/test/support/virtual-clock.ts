import type { Clock } from "@fairlead/core";

/** A clock that jumps to the end of every sleep. */
export function createVirtualClock(start = Date.UTC(2026, 0, 2, 3, 4, 5)): Clock {
  let now = start;
  return {
    now: () => now,
    async sleep(milliseconds, { signal } = {}) {
      signal?.throwIfAborted();
      now += milliseconds;
    },
  };
}
