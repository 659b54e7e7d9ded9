import type { StoreChange } from "@fairlead/core";

/** Somebody who waits for changes behind a position, of streams with this prefix. */
export interface Waiter {
  readonly position: number;
  readonly prefix: string;
  /** Told the position up to where nothing concerns it. */
  readonly wake: (reached: number) => void;
}

/** Who waits, found by what they wait for: many do at the same time, each for a stream of its own. */
export interface Waiters {
  readonly size: number;
  add(waiter: Waiter): void;
  delete(waiter: Waiter): void;
  /** All of them, as they are now. */
  all(): readonly Waiter[];
  /** Those whom one of these changes concerns. */
  concernedBy(changes: readonly StoreChange[]): ReadonlySet<Waiter>;
}

export function createWaiters(): Waiters {
  const byPrefix = new Map<string, Set<Waiter>>();
  /** How many prefixes have a length: they have few, however many there are. */
  const lengths = new Map<number, number>();
  let size = 0;

  const count = (length: number, difference: number): void => {
    const now = (lengths.get(length) ?? 0) + difference;
    if (now === 0) lengths.delete(length);
    else lengths.set(length, now);
  };

  return {
    get size() {
      return size;
    },
    add(waiter) {
      const those = byPrefix.get(waiter.prefix);
      size += 1;
      if (those !== undefined) {
        those.add(waiter);
        return;
      }
      byPrefix.set(waiter.prefix, new Set([waiter]));
      count(waiter.prefix.length, 1);
    },
    delete(waiter) {
      const those = byPrefix.get(waiter.prefix);
      if (those?.delete(waiter) !== true) return;
      size -= 1;
      if (those.size > 0) return;
      byPrefix.delete(waiter.prefix);
      count(waiter.prefix.length, -1);
    },
    all: () => [...byPrefix.values()].flatMap((those) => [...those]),
    concernedBy(changes) {
      const concerned = new Set<Waiter>();
      for (const { position, stream } of changes) {
        for (const length of lengths.keys()) {
          for (const waiter of byPrefix.get(stream.slice(0, length)) ?? []) if (position > waiter.position) concerned.add(waiter);
        }
      }
      return concerned;
    },
  };
}
