import type { Clock } from "../time/clock.js";

/** Longest that one sleep lasts, in milliseconds: timers of the system go wrong beyond some weeks. */
const longest = 86_400_000;

/** Wakes somebody up, one at a time. */
export interface Alarm {
  /** Resolves at this time, epoch milliseconds, or not at all once it was set anew or stopped. */
  at(time: number): Promise<void>;
  stop(): void;
}

export function createAlarm(clock: Clock): Alarm {
  let set = new AbortController();
  const ring = async (time: number, signal: AbortSignal): Promise<void> => {
    while (clock.now() < time) await clock.sleep(Math.min(longest, time - clock.now()), { signal });
  };
  return {
    at(time) {
      set.abort("it was set anew");
      set = new AbortController();
      if (time === Number.POSITIVE_INFINITY) return new Promise(() => undefined);
      return ring(time, set.signal).catch(() => new Promise<void>(() => undefined));
    },
    stop: () => {
      set.abort("nobody waits any more");
    },
  };
}
