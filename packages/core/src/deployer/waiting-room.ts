import type { Store } from "../contract/store.js";
import { serializeError } from "../errors/fairlead-error.js";
import { streamNames } from "../journal/index.js";
import type { Clock } from "../time/clock.js";
import type { Runtime } from "./runtime.js";

/** Between two looks at what is due, in milliseconds. */
const lookEvery = 500;

/** Deployments that this process began and that do nothing but wait: one look at the timers serves them all. */
export interface WaitingRoom {
  add(runtime: Runtime, id: string): void;
  stop(): Promise<void>;
}

export function createWaitingRoom(options: {
  readonly store: Store;
  readonly clock: Clock;
  readonly application: string;
  /** Goes on with one that is due. Answers whether it goes on waiting. */
  readonly resume: (runtime: Runtime, id: string) => Promise<boolean>;
}): WaitingRoom {
  const { store, clock, application } = options;
  const waiting = new Map<string, Runtime>();
  const stopped = new AbortController();
  let looking: Promise<void> | undefined;

  const resumeDue = async (): Promise<void> => {
    const prefix = streamNames.deployment(application, "");
    for (const { name } of await store.timers.due({ prefix, limit: 1000 })) {
      const id = name.slice(prefix.length);
      const runtime = waiting.get(id);
      if (runtime === undefined || stopped.signal.aborted) continue;
      try {
        if (!(await options.resume(runtime, id))) waiting.delete(id);
      } catch (error) {
        // Another process may be able to.
        runtime.log.warn(`${id} goes on waiting: ${serializeError(error).message}`);
      }
    }
  };

  const look = async (): Promise<void> => {
    while (waiting.size > 0 && !stopped.signal.aborted) {
      await clock.sleep(lookEvery, { signal: stopped.signal }).catch(() => undefined);
      if (!stopped.signal.aborted) await resumeDue().catch(() => undefined);
    }
    looking = undefined;
  };

  return {
    add(runtime, id) {
      waiting.set(id, runtime);
      looking ??= look();
    },
    async stop() {
      stopped.abort("the deployer is closing");
      await looking;
    },
  };
}
