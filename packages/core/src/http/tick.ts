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
 * Does its parts, one behind the other, in at most so many milliseconds. None is kept from its turn by one that fails, nor by one that hangs: the next begins beside it once it has taken its share of the time that is
 * left, which is the same for it and all behind it. No part runs twice at once: a tick that finds one under way waits for it as long as it would for its own. `onLate` is told what a part has thrown after its time was
 * up.
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
    const working = within - Math.min(ending.most, within * ending.share);
    const until = clock.now() + working;
    const runPart = async (part: TickPart<Name>): Promise<void> => {
      const outcome = await runOnce(part, time.signal);
      if (outcome.kind !== "cut") left.delete(part.name);
      if (outcome.kind === "failed") failures.push(outcome.error);
    };
    const runAll = async (): Promise<void> => {
      const begun: Promise<void>[] = [];
      for (const [index, part] of parts.entries()) {
        const rest = until - clock.now();
        if (time.signal.aborted || rest <= 0) break;
        const run = runPart(part);
        begun.push(run);
        await notLongerThan(rest / (parts.length - index), run, clock);
      }
      await Promise.all(begun);
    };
    const timer = clock.sleep(working, { signal: over.signal });
    timer.then(() => time.abort("the time is up")).catch(() => undefined);
    await Promise.race([runAll(), clock.sleep(within, { signal: over.signal }).catch(() => undefined)]);
    over.abort("over");
    return { unfinished: [...left], failures: [...failures] };
  };
}

/** Resolves with what runs, at the latest after so many milliseconds. */
async function notLongerThan(milliseconds: number, run: Promise<void>, clock: Clock): Promise<void> {
  const over = new AbortController();
  await Promise.race([run, clock.sleep(milliseconds, { signal: over.signal }).catch(() => undefined)]);
  over.abort("over");
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
