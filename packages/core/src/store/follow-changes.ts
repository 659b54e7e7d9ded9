import type { StoreChange } from "../contract/store.js";
import type { Changes } from "./changes.js";

/** Some of what changed behind a position. */
export interface ChangesRead {
  readonly changes: readonly StoreChange[];
  /** Everything up to here has been looked at; where it began if there is nothing behind. */
  readonly position: number;
  /** What lies behind that would have been announced. Default: it is looked at once more. */
  readonly latest?: boolean;
}

/** Yields what `read` finds behind `from`, waits for more, and ends quietly when the signal aborts. */
export async function* followChanges(options: {
  readonly from: Promise<number>;
  readonly read: (after: number) => Promise<ChangesRead>;
  readonly changes: Changes;
  readonly signal: AbortSignal;
}): AsyncGenerator<StoreChange, void, undefined> {
  const { read, changes, signal } = options;
  let position: number | undefined;
  while (!signal.aborted) {
    // Before reading: a change that comes while it reads must not be slept through.
    const seen = changes.count;
    let found: ChangesRead;
    try {
      position ??= await options.from;
      found = await read(position);
    } catch (error) {
      if (isAborted(signal)) return;
      throw error;
    }
    for (const change of found.changes) {
      if (isAborted(signal)) return;
      yield change;
    }
    if (found.latest === true || found.position === position) await changes.beyond(seen, signal);
    position = found.position;
  }
}

/** The compiler takes it that `aborted` stays false where it once was. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
