import type { Logger } from "../contract/call.js";
import type { Clock } from "../time/clock.js";
import { runCheck, type CheckRun, type RunnableCheck } from "./run-check.js";

/** Asks one check, and never twice at a time. */
export interface CheckRunner {
  /**
   * Runs the check, or joins the run that is under way. While a run that has outlived its time has not ended, the check is not asked again: whoever hangs must not be asked by ever more; that it
   * still gives no answer is the answer. Never rejects.
   */
  ask(signal: AbortSignal): Promise<CheckRun>;
  /** Whether a run has outlived its time, or the wish to know, and has not ended. */
  isOverdue(): boolean;
}

export function createCheckRunner(check: RunnableCheck, log: Logger, clock: Clock): CheckRunner {
  let answer: Promise<CheckRun> | undefined;
  let heldSince: number | undefined;
  const free = (): void => {
    heldSince = undefined;
  };
  const holding: RunnableCheck = {
    name: check.name,
    ...(check.timeout === undefined ? {} : { timeout: check.timeout }),
    run: (call) => {
      heldSince = clock.now();
      const result = (async () => check.run(call))();
      result.then(free, free);
      return result;
    },
  };
  return {
    ask(signal) {
      if (answer !== undefined) return answer;
      if (heldSince !== undefined) return Promise.resolve(stillNone(clock.now() - heldSince));
      answer = runCheck(holding, { signal, log }, clock).finally(() => {
        answer = undefined;
      });
      return answer;
    },
    isOverdue: () => heldSince !== undefined && answer === undefined,
  };
}

function stillNone(since: number): CheckRun {
  return { status: "down", reason: "timeout", message: "its last run has not ended yet", latency: Math.max(0, since) };
}
