import { constants } from "node:os";

/** The exit code of what was killed. */
export const killed = 128 + constants.signals.SIGKILL;

/** The name of the signal that ended a process with this exit code, if one did. */
function signalOf(exitCode: number): string | undefined {
  return Object.entries(constants.signals).find(([, number]) => number === exitCode - 128)?.[0];
}

/** How a container ended, for people. */
export function describeEnd({ exitCode, outOfMemory }: { readonly exitCode: number; readonly outOfMemory: boolean }): string {
  if (outOfMemory) return "it ran out of memory and was killed";
  // An engine does not hear of every one that the kernel kills for its memory.
  if (exitCode === killed) return `it was killed (exit code ${String(exitCode)}), by somebody or because it ran out of memory,`;
  const signal = signalOf(exitCode);
  return signal === undefined ? `it ended with exit code ${String(exitCode)}` : `it was ended by ${signal} (exit code ${String(exitCode)})`;
}

/** What is to be said about how a container ended after it was told to stop: nothing when it finished what it had begun. */
export function findingAfterStop(
  { exitCode, outOfMemory }: { readonly exitCode: number; readonly outOfMemory: boolean },
  stopSeconds: number,
): string | undefined {
  if (outOfMemory) return "ran out of memory while it finished: jobs in progress were cut off";
  if (exitCode === 0) return undefined;
  if (exitCode === killed) return `did not finish within ${String(stopSeconds)} s and was killed: jobs in progress were cut off`;
  const signal = signalOf(exitCode);
  if (signal !== undefined) return `does not handle ${signal} and ended at once: jobs in progress were cut off`;
  return `ended with exit code ${String(exitCode)} when it was told to stop`;
}
