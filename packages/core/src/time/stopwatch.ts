import type { Clock } from "./clock.js";

/** How much time has passed, though somebody sets the clock meanwhile. */
export interface Stopwatch {
  /** In milliseconds since it was made. Between two calls at most `longest` passes, and never less than nothing. */
  elapsed(): number;
}

/** Looked at more often than every `longest` milliseconds it is right to the jumps of the clock. */
export function createStopwatch(clock: Clock, longest: number): Stopwatch {
  let last = clock.now();
  let passed = 0;
  return {
    elapsed() {
      const now = clock.now();
      passed += Math.min(Math.max(0, now - last), longest);
      last = now;
      return passed;
    },
  };
}
