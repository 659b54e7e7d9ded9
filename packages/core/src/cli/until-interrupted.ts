import type { CommandOutcome } from "../contract/plugin-command.js";
import { fail } from "../errors/fairlead-error.js";
import { cliErrors } from "./cli-errors.js";
import type { Effect } from "./command.js";
import { signalWord } from "./interrupts.js";
import type { Session } from "./session.js";

/** Works until it is done or somebody wants it to stop. It is told so and waited for, as also what only reads may have something to clear away, and left when it is told so again. */
export async function untilInterrupted(
  { interrupts }: Session,
  effect: Effect,
  work: (signal: AbortSignal) => Promise<CommandOutcome>,
): Promise<CommandOutcome> {
  const stopping = new AbortController();
  const left = Promise.withResolvers<never>();
  left.promise.catch(() => undefined);
  interrupts.use((count, signal) => {
    const reason = fail(cliErrors, effect === "acts" ? "CLI_STOPPED" : "CLI_INTERRUPTED", { signal: signalWord(signal) });
    stopping.abort(reason);
    if (count > 1) left.reject(reason);
  });
  const working = work(stopping.signal).catch((error: unknown) => {
    // What only reads ends for no other reason than that it was told to.
    throw effect === "reads" && stopping.signal.aborted ? stopping.signal.reason : error;
  });
  return Promise.race([working, left.promise]);
}
