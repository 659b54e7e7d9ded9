import { environmentWrite, readEnvironment, type EnvironmentDraft } from "../engine/environment-journal.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail, isFairleadError } from "../errors/fairlead-error.js";
import { streamNames } from "../journal/index.js";
import { unnamedActor, type CommandOptions } from "./command-options.js";
import { openWriter } from "./driving.js";
import { waitingIn } from "./queue.js";
import type { Deployer } from "./types.js";

/** Stopping the line, and letting it go on: rows in the environment's journal. */
export function createFreezes({ environments, store, clock, application }: CommandOptions): Pick<Deployer, "freeze" | "unfreeze"> {
  const append = async (environment: string, draft: EnvironmentDraft): Promise<void> => {
    await environments.observed(environment);
    const stream = streamNames.environment(application, environment);
    for (;;) {
      const before = await readEnvironment(store, application, environment);
      try {
        await store.commit({ streams: [environmentWrite(stream, before, draft, new Date(clock.now()).toISOString())] });
        return;
      } catch (error) {
        if (!isFairleadError(error, "STORE_CONFLICT")) throw error;
      }
    }
  };

  return {
    async freeze({ environment, reason, until, actor = unnamedActor }) {
      const time = until === undefined ? null : Date.parse(until);
      if (Number.isNaN(time) || (time !== null && time <= clock.now())) throw fail(coreErrors, "FREEZE_INVALID", { until: until ?? "" });
      await append(environment, { type: "freeze.started", data: { actor, reason, until: time } });
    },
    async unfreeze({ environment, actor = unnamedActor, reason = null }) {
      await append(environment, { type: "freeze.ended", data: { actor, reason } });
      // What waited for it may begin, or is held by something else.
      const { recorder } = await environments.observed(environment);
      for (const { id, phase } of await waitingIn(store, application, environment)) {
        if (phase !== "held") continue;
        const writer = openWriter(recorder, id);
        await writer.refresh();
        await writer.append((state) =>
          state?.phase === "held" ? [{ type: "deployment.released", data: { actor: null, reason } }] : undefined,
        );
      }
    },
  };
}
