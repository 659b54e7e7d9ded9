import type { Clock } from "./clock.js";

/** The same time. Waiting on it never keeps the process alive. */
export function backgroundClock(clock: Clock): Clock {
  return Object.freeze({
    now: () => clock.now(),
    sleep: (milliseconds: number, options?: Parameters<Clock["sleep"]>[1]) => clock.sleep(milliseconds, { ...options, background: true }),
  });
}
