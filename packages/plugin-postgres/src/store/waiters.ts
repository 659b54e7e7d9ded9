import type { StoreChange } from "@fairlead/core";

/** Somebody who waits for changes behind a position, of streams with this prefix. */
export interface Waiter {
  readonly position: number;
  readonly prefix: string;
  /** Told what concerns it, of all up to the position that is reached. */
  readonly wake: (reached: number, changes: readonly StoreChange[]) => void;
}

/** Who waits, found by what they wait for: many do at the same time, each for a stream of its own. */
export interface Waiters {
  readonly size: number;
  add(waiter: Waiter): void;
  delete(waiter: Waiter): void;
  /** All of them, as they are now. */
  all(): readonly Waiter[];
  /** Those whom some of these changes concern, each with its own. */
  concernedBy(changes: readonly StoreChange[]): ReadonlyMap<Waiter, readonly StoreChange[]>;
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
      const concerned = new Map<Waiter, StoreChange[]>();
      for (const change of changes) {
        for (const length of lengths.keys()) {
          // A name that is cut at more than it has would be found again as a whole.
          if (length > change.stream.length) continue;
          for (const waiter of byPrefix.get(change.stream.slice(0, length)) ?? []) {
            // Who has read the store itself may be ahead of whoever tells of it.
            if (change.position <= waiter.position) continue;
            const its = concerned.get(waiter);
            if (its !== undefined) its.push(change);
            else concerned.set(waiter, [change]);
          }
        }
      }
      return concerned;
    },
  };
}
