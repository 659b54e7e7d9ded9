import type { Clock } from "../../src/time/clock.js";

/** Time that passes when it is told to, and in which everything happens in the same order each time. */
export interface VirtualTime extends Clock {
  /** Calls `act` then; answers how to prevent it. */
  at(time: number, act: () => void): () => void;
  /** Lets time pass; everything that is due on the way happens before it resolves. */
  pass(milliseconds: number): Promise<void>;
}

interface Due {
  readonly time: number;
  readonly act: () => void;
}

/** Begins at 2026-11-21T10:00:00Z. */
export function createVirtualTime(): VirtualTime {
  let now = Date.parse("2026-11-21T10:00:00.000Z");
  const waiting = new Set<Due>();

  const at = (time: number, act: () => void): (() => void) => {
    const due: Due = { time, act };
    waiting.add(due);
    return () => void waiting.delete(due);
  };

  /** The earliest that is due by then; of several the one that has waited for longest. */
  const next = (until: number): Due | undefined => {
    let first: Due | undefined;
    for (const due of waiting) if (due.time <= until && (first === undefined || due.time < first.time)) first = due;
    return first;
  };

  return {
    now: () => now,
    sleep: (milliseconds, { signal } = {}) =>
      new Promise((resolve, reject) => {
        const forget = at(now + milliseconds, () => {
          signal?.removeEventListener("abort", onAbort);
          resolve();
        });
        const onAbort = (): void => {
          forget();
          reject(signal?.reason as Error);
        };
        if (signal?.aborted === true) onAbort();
        else signal?.addEventListener("abort", onAbort, { once: true });
      }),
    at,
    async pass(milliseconds) {
      const until = now + milliseconds;
      await settle();
      for (let due = next(until); due !== undefined; due = next(until)) {
        waiting.delete(due);
        now = Math.max(now, due.time);
        due.act();
        await settle();
      }
      now = until;
    },
  };
}

/** Lets everything run that is ready to: nothing here waits for the system. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
