import type { FakeFault } from "./fake-provider.js";

/** Acts as the fault says: before it fails, after which it fails, or never to be heard of again. */
export async function withFault<Result>(
  fault: FakeFault | undefined,
  failure: () => Error,
  signal: AbortSignal,
  act: () => Promise<Result> | Result,
): Promise<Result> {
  signal.throwIfAborted();
  if (fault === undefined) return act();
  if (fault.kind.endsWith("-after")) await act();
  if (fault.kind.startsWith("reject")) throw fault.error ?? failure();
  return new Promise((_, reject) => {
    const onAbort = (): void => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
  });
}
