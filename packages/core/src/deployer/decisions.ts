import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import type { DraftEvent } from "../engine/deployment-writer.js";
import { hasEnded, type DeploymentState } from "../machine/index.js";
import { unnamedActor, type CommandOptions } from "./command-options.js";
import { readState } from "./deployment-handle.js";
import { openWriter } from "./driving.js";
import type { TakeOvers } from "./take-overs.js";
import type { Deployer } from "./types.js";

/** What people decide about a deployment: rows in its journal, whoever drives it. Only trying again, which is done in this process, needs the secrets. */
export function createDecisions(
  { environments, store, application }: CommandOptions,
  takeOvers: TakeOvers,
): Pick<Deployer, "abort" | "retry" | "abandon"> {
  const decide = async (
    deploymentId: string,
    event: DraftEvent,
    requireFit: (state: DeploymentState) => void,
  ): ReturnType<Deployer["abort"]> => {
    const before = await readState(store, application, deploymentId);
    const { environment } = before.plan;
    if (event.type === "retry.requested") await environments.runtime(environment);
    const { recorder, runtime } = await environments.observed(environment);
    const writer = openWriter(recorder, deploymentId);
    await writer.refresh();
    await writer.append((state) => {
      requireFit(state ?? before);
      return [event];
    });
    return runtime === undefined ? takeOvers.follow(environment, deploymentId) : takeOvers.driveIfAbandoned(runtime, deploymentId);
  };

  return {
    abort: ({ deploymentId, actor = unnamedActor, reason }) =>
      decide(deploymentId, { type: "abort.requested", data: { actor, reason: reason ?? null } }, (state) => {
        if (hasEnded(state.phase)) throw fail(coreErrors, "DEPLOYMENT_ENDED", { deploymentId, phase: state.phase });
        if (state.phase === "needs_attention") throw fail(coreErrors, "DEPLOYMENT_WAITING", { deploymentId });
      }),
    retry: ({ deploymentId, actor = unnamedActor, reason }) =>
      decide(deploymentId, { type: "retry.requested", data: { actor, reason: reason ?? null } }, requireWaiting),
    abandon: ({ deploymentId, actor = unnamedActor, reason }) =>
      decide(deploymentId, { type: "deployment.abandoned", data: { actor, reason } }, requireWaiting),
  };
}

function requireWaiting({ id, phase }: DeploymentState): void {
  if (phase !== "needs_attention") throw fail(coreErrors, "DEPLOYMENT_NOT_WAITING", { deploymentId: id, phase });
}
