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
  const onOuterAbort = (): void => {
    inner.abort(options.signal?.reason);
  };
  if (options.signal?.aborted === true) onOuterAbort();
  else options.signal?.addEventListener("abort", onOuterAbort, { once: true });
  const aborted = new Promise<never>((_, reject) => {
    const onInnerAbort = (): void => {
      reject(inner.signal.reason as Error);
    };
    if (inner.signal.aborted) onInnerAbort();
    else inner.signal.addEventListener("abort", onInnerAbort, { once: true });
  });
  aborted.catch(() => undefined);
  clock.sleep(options.milliseconds, { signal: timer.signal }).then(
    () => {
      inner.abort(options.reason());
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
