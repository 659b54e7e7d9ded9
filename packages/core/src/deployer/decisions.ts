import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import type { DraftEvent } from "../engine/deployment-writer.js";
import { hasEnded, type DeploymentState } from "../machine/index.js";
import { unnamedActor, type CommandOptions } from "./command-options.js";
import { readState } from "./deployment-handle.js";
import { openWriter } from "./driving.js";
import type { TakeOvers } from "./take-overs.js";
import type { Deployer } from "./types.js";

/** What people decide about a deployment: rows in its journal, whoever drives it. */
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
    const runtime = await environments.runtime(before.plan.environment);
    const writer = openWriter(runtime.engine, deploymentId);
    await writer.refresh();
    await writer.append((state) => {
      requireFit(state ?? before);
      return [event];
    });
    return takeOvers.driveIfAbandoned(runtime, deploymentId);
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
