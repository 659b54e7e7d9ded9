import { toMilliseconds, type Clock, type Duration } from "@fairlead/core";

/** Time that passes only when it is told to. */
export interface TestClock extends Clock {
  /** Lets time pass. Whoever wakes up on the way runs at its own moment, the earliest first, and as far as it comes without real input or output, before the next one wakes up. */
  advance(by: Duration): Promise<void>;
}

interface Sleeper {
  readonly at: number;
  wake(): void;
}

/** Makes a clock that stands still. `start` is ISO 8601, default `2026-01-01T00:00:00Z`. */
export function createTestClock({ start = "2026-01-01T00:00:00Z" }: { readonly start?: string } = {}): TestClock {
  let now = Date.parse(start);
  const sleepers = new Set<Sleeper>();
  return {
    now: () => now,
    sleep: (milliseconds, { signal } = {}) =>
      new Promise((resolve, reject) => {
        const onAbort = (): void => {
          sleepers.delete(sleeper);
          reject(signal?.reason as Error);
        };
        const sleeper: Sleeper = {
          at: now + Math.max(0, milliseconds),
          wake() {
            sleepers.delete(sleeper);
            signal?.removeEventListener("abort", onAbort);
            resolve();
          },
        };
        sleepers.add(sleeper);
        if (signal?.aborted === true) onAbort();
        else signal?.addEventListener("abort", onAbort, { once: true });
      }),
    async advance(by) {
      const until = now + toMilliseconds(by);
      await settle();
      for (let next = earliest(sleepers); next !== undefined && next.at <= until; next = earliest(sleepers)) {
        now = next.at;
        next.wake();
        await settle();
      }
      now = until;
    },
  };
}

function earliest(sleepers: ReadonlySet<Sleeper>): Sleeper | undefined {
  let first: Sleeper | undefined;
  for (const sleeper of sleepers) if (first === undefined || sleeper.at < first.at) first = sleeper;
  return first;
}

/** Lets everything run that is ready to. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
