import type { Clock } from "./clock.js";

/** Making the default reason of an abort costs more than everything else here. */
const over = "over";

/**
 * Runs `work` with a signal that aborts with `reason()` when the time is up or when `signal` aborts, and rejects at that moment even if `work` ignores the
 * signal. Built on the injected clock: the timer keeps the process alive, so a hanging call can never end a script quietly with exit code 0.
 */
export async function withDeadline<Result>(
  clock: Clock,
  options: { readonly milliseconds: number; readonly signal?: AbortSignal | undefined; readonly reason: () => Error },
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const timer = new AbortController();
  const inner = new AbortController();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  aborted.catch(() => undefined);
  const abort = (reason: unknown): void => {
    // First, so that this is what comes of it, whatever `work` makes of its signal.
    reject(reason);
    inner.abort(reason);
  };
  const onOuterAbort = (): void => {
    abort(options.signal?.reason);
  };
  if (options.signal?.aborted === true) onOuterAbort();
  else options.signal?.addEventListener("abort", onOuterAbort, { once: true });
  clock.sleep(options.milliseconds, { signal: timer.signal }).then(
    () => {
      abort(options.reason());
    },
    () => undefined,
  );
  try {
    inner.signal.throwIfAborted();
    return await Promise.race([work(inner.signal), aborted]);
  } finally {
    timer.abort(over);
    options.signal?.removeEventListener("abort", onOuterAbort);
  }
}
