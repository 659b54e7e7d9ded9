import pRetry from "p-retry";
import { isFairleadError } from "../errors/fairlead-error.js";
import type { Clock } from "../time/clock.js";

/**
 * Tries `work` again while its error says `retryable`: after the time that the other side named, else with growing pauses (250 ms, 500 ms, … at most 4 s, jittered). Pauses run on
 * the clock; the signal ends them.
 */
export function withRetries<Result>(
  options: {
    readonly attempts: number;
    readonly clock: Clock;
    readonly signal: AbortSignal;
    readonly onRetry: (error: unknown, pause: number) => void;
  },
  work: () => Promise<Result>,
): Promise<Result> {
  const { attempts, clock, signal, onRetry } = options;
  const isWorthIt = (error: unknown): boolean => isFairleadError(error) && error.retryable && !signal.aborted;
  return pRetry(work, {
    retries: attempts - 1,
    // Its own pauses run on the machine's clock.
    minTimeout: 0,
    signal,
    shouldRetry: ({ error }) => isWorthIt(error),
    onFailedAttempt: async ({ error, attemptNumber, retriesLeft }) => {
      if (retriesLeft === 0 || !isWorthIt(error)) return;
      const pause = retryAfterOf(error) ?? Math.min(4_000, 250 * 2 ** (attemptNumber - 1)) * (0.75 + Math.random() / 2);
      onRetry(error, pause);
      await clock.sleep(pause, { signal });
    },
  });
}

function retryAfterOf(error: unknown): number | undefined {
  return isFairleadError(error) ? error.retryAfter : undefined;
}
