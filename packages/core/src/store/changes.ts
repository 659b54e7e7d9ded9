import type { Clock } from "../time/clock.js";
import { nextTurn } from "../time/next-turn.js";

/** What wakes those who follow a store. */
export interface Changes {
  /** Grows with every change that this process has noticed. */
  readonly count: number;
  /** Something may have changed. */
  announce(): void;
  /** Resolves as soon as `count` is beyond `seen`, or when the signal aborts. Keeps the process alive only if it has to look for changes of other processes. */
  beyond(seen: number, signal: AbortSignal): Promise<void>;
}

/** How changes of other processes are noticed. */
export interface Lookout {
  readonly clock: Clock;
  /** In milliseconds. */
  readonly interval: number;
  /** Whether something may have changed since the last time it was asked. */
  readonly changed: () => boolean;
}

/** Looks out only while somebody waits: nobody's waiting costs nothing and holds no process. Who waits again at once has been waiting all the time. */
export function createChanges(lookout?: Lookout): Changes {
  const waiting = new Set<() => void>();
  let count = 0;
  let stop: AbortController | undefined;

  const announce = (): void => {
    count += 1;
    for (const wake of [...waiting]) wake();
  };

  const stopWhenIdle = (): void => {
    if (waiting.size > 0) return;
    stop?.abort("nobody waits any more");
    stop = undefined;
  };

  const look = async ({ clock, interval, changed }: Lookout, signal: AbortSignal): Promise<void> => {
    for (;;) {
      if (changed()) announce();
      // Rejects once nobody waits any more.
      await clock.sleep(interval, { signal });
    }
  };

  return {
    get count() {
      return count;
    },
    announce,
    beyond: (seen, signal) =>
      new Promise((resolve) => {
        const wake = (): void => {
          waiting.delete(wake);
          signal.removeEventListener("abort", wake);
          if (waiting.size === 0 && stop !== undefined) void nextTurn().then(stopWhenIdle);
          resolve();
        };
        if (count > seen || signal.aborted) {
          resolve();
          return;
        }
        waiting.add(wake);
        signal.addEventListener("abort", wake, { once: true });
        if (lookout === undefined || stop !== undefined) return;
        stop = new AbortController();
        look(lookout, stop.signal).catch(() => undefined);
      }),
  };
}
