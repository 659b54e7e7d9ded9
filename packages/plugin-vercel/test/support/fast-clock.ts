import { systemClock, type Clock } from "@fairlead/core";

/** A clock that goes so many times as fast as the machine's: pauses and limits keep their proportions, and tests against real processes do not wait for them. */
export function createFastClock(speed: number): Clock {
  const start = systemClock.now();
  return {
    now: () => start + (systemClock.now() - start) * speed,
    sleep: (milliseconds, options) => systemClock.sleep(milliseconds / speed, options),
  };
}
