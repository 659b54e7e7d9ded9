import { environmentWrite, readEnvironment, type EnvironmentDraft } from "../engine/environment-journal.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail, isFairleadError } from "../errors/fairlead-error.js";
import { claimName, streamNames } from "../journal/index.js";
import type { DeploymentState } from "../machine/index.js";
import { unnamedActor, type CommandOptions } from "./command-options.js";
import { openWriter } from "./driving.js";
import { waitingIn } from "./queue.js";
import type { Deployer } from "./types.js";

/** Stopping the line, letting it go on, and ending a pin: rows in the environment's journal. */
export function createFreezes({
  environments,
  store,
  clock,
  application,
}: CommandOptions): Pick<Deployer, "freeze" | "unfreeze" | "unpin"> {
  const append = async (environment: string, draft: EnvironmentDraft): Promise<void> => {
    const { recorder } = await environments.observed(environment);
    // A person may have written a secret into the reason.
    const said = recorder.redactor.value(draft);
    const stream = streamNames.environment(application, environment);
    for (;;) {
      const before = await readEnvironment(store, application, environment);
      try {
        await store.commit({ streams: [environmentWrite(stream, before, [said], new Date(clock.now()).toISOString())] });
        return;
      } catch (error) {
        if (!isFairleadError(error, "STORE_CONFLICT")) throw error;
      }
    }
  };

  /** What waited may begin, or is held by something else. */
  const releaseHeld = async (environment: string, reason: string | null): Promise<void> => {
    const { recorder } = await environments.observed(environment);
    const waiting = (await waitingIn(store, application, environment)).filter(({ phase }) => phase === "held").map(({ id }) => id);
    const underWay = await store.claimOf(claimName(application, environment));
    for (const id of underWay === undefined ? waiting : [...waiting, underWay]) {
      const writer = openWriter(recorder, id);
      await writer.refresh();
      await writer.append((state) =>
        state !== undefined && isFrozen(state) ? [{ type: "deployment.released", data: { actor: null, reason } }] : undefined,
      );
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
      await releaseHeld(environment, reason);
    },
    async unpin({ environment, actor = unnamedActor, reason = null }) {
      await append(environment, { type: "environment.unpinned", data: { actor, reason } });
      await releaseHeld(environment, reason);
    },
  };
}

/** Held before it began, or kept from its traffic. */
function isFrozen({ phase, steps }: DeploymentState): boolean {
  const waits = Object.values(steps).some(({ forward }) => forward.status === "deferred" && forward.waitingFor === "freeze");
  return phase === "held" || (phase === "running" && waits);
}
