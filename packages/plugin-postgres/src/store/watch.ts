import type { StoreChange } from "@fairlead/core";
import type { Tail } from "./tail.js";

/** Yields the changes of streams with a prefix behind `from`, waits for more, and ends quietly when the signal aborts. `read` is for those that the tail does not know any more. */
export async function* followTail(options: {
  readonly prefix: string;
  readonly from: Promise<number>;
  readonly tail: Tail;
  readonly read: (after: number) => Promise<readonly StoreChange[]>;
  readonly signal: AbortSignal;
}): AsyncGenerator<StoreChange, void, undefined> {
  const { prefix, tail, read, signal } = options;
  let position: number | undefined;
  while (!signal.aborted) {
    let found: readonly StoreChange[];
    try {
      position ??= await options.from;
      found = tail.behind(position) ?? (await read(position));
    } catch (error) {
      if (isAborted(signal)) return;
      throw error;
    }
    let reached = found.at(-1)?.position ?? position;
    let concerning: readonly StoreChange[] = found.filter(({ stream }) => stream.startsWith(prefix));
    if (found.length === 0) ({ reached, changes: concerning } = await tail.beyond(position, prefix, signal));
    for (const change of concerning) {
      if (isAborted(signal)) return;
      yield change;
    }
    position = reached;
  }
}

/** The compiler takes it that `aborted` stays false where it once was. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
