import type { Clock } from "../../src/time/clock.js";

export interface TestClock extends Clock {
  /** Lets time pass; everything that wakes up on the way runs before it resolves. */
  advance(milliseconds: number): Promise<void>;
}

interface Sleeper {
  readonly at: number;
  wake(): void;
}

/** A clock that stands still until it is told to go on. Begins at 2026-11-21T10:00:00Z. */
export function createTestClock(): TestClock {
  let now = Date.parse("2026-11-21T10:00:00.000Z");
  const sleepers = new Set<Sleeper>();
  return {
    now: () => now,
    sleep: (milliseconds, { signal } = {}) =>
      new Promise((resolve, reject) => {
        const sleeper: Sleeper = {
          at: now + milliseconds,
          wake() {
            sleepers.delete(sleeper);
            resolve();
          },
        };
        sleepers.add(sleeper);
        const onAbort = (): void => {
          sleepers.delete(sleeper);
          reject(signal?.reason as Error);
        };
        if (signal?.aborted === true) onAbort();
        else signal?.addEventListener("abort", onAbort, { once: true });
      }),
    async advance(milliseconds) {
      const until = now + milliseconds;
      await settle();
      for (;;) {
        const due = [...sleepers].filter(({ at }) => at <= until).sort((left, right) => left.at - right.at)[0];
        if (due === undefined) break;
        now = Math.max(now, due.at);
        due.wake();
        await settle();
      }
      now = until;
      await settle();
    },
  };
}

/** Lets time pass until the promise is settled. */
export async function pass<Result>(clock: TestClock, promise: Promise<Result>): Promise<Result> {
  const over = new AbortController();
  const end = (): void => {
    over.abort("it is settled");
  };
  promise.then(end, end);
  while (!over.signal.aborted) await clock.advance(100);
  return promise;
}

/** Lets everything run that is ready to. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
