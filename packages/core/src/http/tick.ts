import type { Clock } from "../time/clock.js";

/** Something that a tick does. */
export interface TickPart<Name extends string> {
  readonly name: Name;
  /** Ends soon after the signal has aborted, where it can. */
  readonly run: (signal: AbortSignal) => unknown;
}

/** What a tick has come to. */
export interface TickResult<Name extends string> {
  /** What is not done: a later tick goes on with it. */
  readonly unfinished: readonly Name[];
  /** What parts have thrown. */
  readonly failures: readonly unknown[];
}

type Outcome = { readonly kind: "done" | "cut" } | { readonly kind: "failed"; readonly error: unknown };

/** What is left to parts to end in, of the time that a tick has, and at most, in milliseconds. */
const ending = { share: 0.2, most: 5_000 };

/**
 * Does its parts, one behind the other, in at most so many milliseconds; one that fails keeps none from its turn. No part runs twice at once: a tick that finds one under way waits for it as long as it would for its
 * own. `onLate` is told what a part has thrown after its time was up.
 */
export function createTick<Name extends string>(
  parts: readonly TickPart<Name>[],
  { within, clock, onLate }: { readonly within: number; readonly clock: Clock; readonly onLate: (error: unknown) => void },
): () => Promise<TickResult<Name>> {
  const running = new Map<Name, Promise<Outcome>>();

  const runOnce = ({ name, run }: TickPart<Name>, signal: AbortSignal): Promise<Outcome> => {
    const known = running.get(name);
    if (known !== undefined) return known;
    const begun = attempt(run, signal, onLate).finally(() => running.delete(name));
    running.set(name, begun);
    return begun;
  };

  return async () => {
    const left = new Set(parts.map(({ name }) => name));
    const failures: unknown[] = [];
    const time = new AbortController();
    const over = new AbortController();
    const runAll = async (): Promise<void> => {
      for (const part of parts) {
        if (time.signal.aborted) return;
        const outcome = await runOnce(part, time.signal);
        if (outcome.kind !== "cut") left.delete(part.name);
        if (outcome.kind === "failed") failures.push(outcome.error);
      }
    };
    const timer = clock.sleep(within - Math.min(ending.most, within * ending.share), { signal: over.signal });
    timer.then(() => time.abort("the time is up")).catch(() => undefined);
    await Promise.race([runAll(), clock.sleep(within, { signal: over.signal }).catch(() => undefined)]);
    over.abort("over");
    return { unfinished: [...left], failures: [...failures] };
  };
}

/** Never rejects. What ends after the signal may have ended because of it. */
async function attempt(run: (signal: AbortSignal) => unknown, signal: AbortSignal, onLate: (error: unknown) => void): Promise<Outcome> {
  try {
    await run(signal);
    return { kind: signal.aborted ? "cut" : "done" };
  } catch (error) {
    if (!signal.aborted) return { kind: "failed", error };
    if (error !== signal.reason) onLate(error);
    return { kind: "cut" };
  }
}
