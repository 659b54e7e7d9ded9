/** What `work` comes to, or the signal's reason as soon as it aborts. What has been begun is not stopped by it. */
export function unlessAborted<Result>(signal: AbortSignal | undefined, work: Promise<Result>): Promise<Result> {
  if (signal === undefined) return work;
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => {
    reject(signal.reason as Error);
  };
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  // Told by the one that comes first.
  promise.catch(() => undefined);
  work.catch(() => undefined);
  return Promise.race([promise, work]).finally(() => {
    signal.removeEventListener("abort", onAbort);
  });
}
