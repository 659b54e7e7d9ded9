import { coreErrors, fail, type Clock, type StoreChange } from "@fairlead/core";
import { createWaiters, type Waiter } from "./waiters.js";

/** What this process knows of the end of the store: the last changes, shared by everybody who follows it. */
export interface Tail {
  /** The position from where somebody follows who begins now. */
  begin(): Promise<number>;
  /** This process has committed these. */
  committed(changes: readonly StoreChange[]): void;
  /** There is something up to this position, somebody says. A commit of this process that is under way may be about to tell what. */
  heard(position: number): void;
  /** Looks for what has been heard of and is not known. */
  catchUp(): void;
  /** Looks for changes now. */
  look(): Promise<void>;
  /** What is known behind a position; `undefined` where that does not reach back so far. Throws `STORE_CLOSED`. */
  behind(position: number): readonly StoreChange[] | undefined;
  /**
   * Resolves with what is behind a position and concerns streams with this prefix, once there is some, and with the position up to where that is all; with nothing when the signal aborts, and where more is known already.
   * Rejects with `STORE_CLOSED`. Keeps the process alive meanwhile: it looks out for changes of other processes.
   */
  beyond(
    position: number,
    prefix: string,
    signal: AbortSignal,
  ): Promise<{ readonly reached: number; readonly changes: readonly StoreChange[] }>;
  close(): void;
}

/** Changes that are remembered: who is further behind reads them. */
const mostKnown = 2_000;

export function createTail(options: {
  readonly store: string;
  readonly clock: Clock;
  /** Reads the changes behind a position, at most `window` of them. */
  readonly read: (after: number) => Promise<readonly StoreChange[]>;
  readonly window: number;
  readonly lastPosition: () => Promise<number>;
  /** Whether a commit of this process is under way. */
  readonly isCommitting: () => boolean;
  /** How often to look while somebody waits, in milliseconds. */
  readonly interval: () => number;
}): Tail {
  const { store, clock, read, window, lastPosition, isCommitting, interval } = options;
  const waiting = createWaiters();
  const closed = new AbortController();
  const known: StoreChange[] = [];
  /** All that is behind it is in `known`. */
  let from = 0;
  let latest: number | undefined;
  let heardOf = 0;
  let looking: Promise<void> | undefined;
  let lookout: AbortController | undefined;

  const append = (changes: readonly StoreChange[]): void => {
    const before = latest ?? 0;
    const added = changes.filter(({ position }) => position > before);
    const last = added.at(-1);
    if (last === undefined) return;
    known.push(...added);
    latest = last.position;
    const dropped = known.length > 2 * mostKnown ? known.splice(0, known.length - mostKnown).at(-1) : undefined;
    if (dropped !== undefined) from = dropped.position;
    for (const [{ wake }, changes] of waiting.concernedBy(added)) wake(last.position, changes);
  };

  const lookNow = async (): Promise<void> => {
    for (;;) {
      if (latest === undefined) return;
      const found = await read(latest);
      append(found);
      if (found.length === 0 || (found.length < window && heardOf <= latest)) return;
    }
  };
  const look = (): Promise<void> => {
    looking ??= lookNow().finally(() => {
      looking = undefined;
    });
    return looking;
  };
  const catchUp = (): void => {
    // Whatever fails is asked again: somebody waits, or nobody needs it.
    if (latest !== undefined && heardOf > latest) look().catch(() => undefined);
  };

  const lookOut = async (signal: AbortSignal): Promise<void> => {
    for (;;) {
      await clock.sleep(interval(), { signal });
      await look().catch(() => undefined);
    }
  };
  const lookOutAsLongAsNeeded = (): void => {
    if (waiting.size === 0) {
      lookout?.abort("nobody waits any more");
      lookout = undefined;
    } else if (lookout === undefined) {
      lookout = new AbortController();
      lookOut(lookout.signal).catch(() => undefined);
    }
  };

  return {
    async begin() {
      const position = await lastPosition();
      if (latest === undefined) {
        latest = position;
        from = position;
      }
      return position;
    },
    committed(changes) {
      const first = changes[0];
      const last = changes.at(-1);
      if (latest === undefined || first === undefined || last === undefined) return;
      heardOf = Math.max(heardOf, last.position);
      // Between them there may be what others have committed.
      if (first.position === latest + 1) append(changes);
    },
    heard(position) {
      heardOf = Math.max(heardOf, position);
      if (!isCommitting()) catchUp();
    },
    catchUp,
    look,
    behind(position) {
      closed.signal.throwIfAborted();
      if (latest === undefined || position < from) return undefined;
      if (position >= latest) return [];
      const index = known.findLastIndex((change) => change.position <= position);
      return known.slice(index + 1);
    },
    beyond: (position, prefix, signal) =>
      new Promise((resolve, reject) => {
        const wake: Waiter["wake"] = (reached, changes) => {
          waiting.delete(one);
          signal.removeEventListener("abort", stop);
          lookOutAsLongAsNeeded();
          if (closed.signal.aborted && !signal.aborted) reject(closed.signal.reason as Error);
          else resolve({ reached, changes });
        };
        const stop = (): void => {
          wake(position, []);
        };
        const one: Waiter = { position, prefix, wake };
        if (closed.signal.aborted || signal.aborted || (latest !== undefined && latest > position)) {
          stop();
          return;
        }
        waiting.add(one);
        signal.addEventListener("abort", stop, { once: true });
        lookOutAsLongAsNeeded();
      }),
    close() {
      closed.abort(fail(coreErrors, "STORE_CLOSED", { store }));
      for (const { wake } of waiting.all()) wake(latest ?? 0, []);
    },
  };
}
