import { isFairleadError } from "../errors/fairlead-error.js";
import { claimName } from "../journal/index.js";
import type { CommandOptions } from "./command-options.js";
import { readState } from "./deployment-handle.js";
import { readDriver } from "./driving.js";
import type { Runtime } from "./runtime.js";
import type { TakeOvers } from "./take-overs.js";
import type { Deployment } from "./types.js";
import { unlessAborted } from "./unless-aborted.js";

/** What a process that is gone left behind keeps an environment from nobody: whoever comes next finishes it first. */
export interface LeftBehind {
  /** Goes on here with what has the environment and nobody drives, if there is such a thing. */
  goOn(runtime: Runtime): Promise<Deployment | undefined>;
  /** Tries once more when what was left behind has come to its end. What somebody drives, or waits with, is not waited for. */
  finishedFirst<Result>(runtime: Runtime, signal: AbortSignal | undefined, attempt: () => Promise<Result>): Promise<Result>;
}

export function createLeftBehind({ store, application, call }: CommandOptions, takeOvers: Pick<TakeOvers, "goOn">): LeftBehind {
  const isLeft = async (id: string): Promise<boolean> => {
    const { phase, parked } = await readState(store, application, id);
    const wantsDriver = parked === null && (phase === "running" || phase === "rolling_back");
    return wantsDriver && (await readDriver(store, id)) === undefined;
  };

  const goOn: LeftBehind["goOn"] = async (runtime) => {
    const { name } = runtime.spec;
    const owner = await store.claimOf(claimName(application, name));
    if (owner === undefined || !(await isLeft(owner))) return undefined;
    call.log.warn(`the process of ${owner}, which has ${name}, is gone: it is finished first`);
    return takeOvers.goOn(runtime, owner);
  };

  return {
    goOn,
    async finishedFirst(runtime, signal, attempt) {
      for (;;) {
        try {
          return await attempt();
        } catch (error) {
          const left = isFairleadError(error, "ENVIRONMENT_BUSY") ? await goOn(runtime) : undefined;
          if (left === undefined) throw error;
          await unlessAborted(signal, left.result(signal === undefined ? {} : { signal }));
        }
      }
    },
  };
}
