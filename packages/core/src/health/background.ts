import type { Clock } from "../time/clock.js";
import type { CheckRun } from "./run-check.js";
import type { WatchedCheck } from "./watched-check.js";

/** Runs checks now and then, each on its own schedule. */
export interface Background {
  watch(check: WatchedCheck): void;
  /** Ends the schedule and aborts what runs. */
  stop(): Promise<void>;
}

const silent = (): void => undefined;

/** `settle` is told what came of each run; `delayOf` says how many milliseconds later the next one is due. Begins with a check when `after` resolves. */
export function createBackground(given: {
  readonly clock: Clock;
  readonly after: Promise<unknown>;
  readonly settle: (check: WatchedCheck, run: CheckRun) => void;
  readonly delayOf: (check: WatchedCheck) => number;
}): Background {
  const { clock, after, settle, delayOf } = given;
  const controller = new AbortController();
  const { signal } = controller;
  const loops: Promise<void>[] = [];
  const watch = async (check: WatchedCheck): Promise<void> => {
    for (;;) {
      const run = await check.runner.ask(signal);
      if (signal.aborted) return;
      settle(check, run);
      await clock.sleep(delayOf(check), { signal }).catch(silent);
    }
  };
  return {
    watch: (check) => void loops.push(after.then(() => watch(check))),
    async stop() {
      controller.abort();
      await Promise.all(loops);
    },
  };
}
