import type { DeploymentEvent, DeploymentEventType, DeploymentEventData } from "../contract/deployment-events.js";
import type { StoredEvent } from "../contract/store.js";
import { servingAfterRollback } from "../plan/index.js";
import { stepsOf, type DeploymentState } from "../machine/index.js";

/** Stored events as readers and listeners get them. */
export function toDeploymentEvents(
  stored: readonly Pick<StoredEvent, "type" | "at" | "data" | "version">[],
  state: DeploymentState,
): readonly DeploymentEvent[] {
  return stored.map(({ type, at, data, version }) => {
    const event = { type, data } as unknown as { readonly type: DeploymentEventType; readonly data: never };
    return Object.freeze({
      type: event.type,
      at,
      application: state.plan.application,
      environment: state.plan.environment,
      deploymentId: state.id,
      version,
      summary: summaries[event.type](event.data, state),
      data: event.data,
    });
  });
}

type Summaries = { readonly [Type in DeploymentEventType]: (data: DeploymentEventData[Type], state: DeploymentState) => string };

const summaries: Summaries = {
  "deployment.created": ({ kind, plan }) => `${kind} of ${plan.release.id} to ${plan.environment} recorded`,
  "deployment.started": ({ holder }) => `driven by ${holder.name}, process ${String(holder.pid)}`,
  "step.started": ({ step, direction }, state) => (direction === "undo" ? `taking back ${step}` : `${step}: ${describe(step, state)}`),
  "step.succeeded": ({ step, direction, observed }) =>
    `${step} ${direction === "undo" ? "taken back" : "done"}${observed ? " (found to be so)" : ""}`,
  "step.failed": ({ step, direction, error, again }) =>
    `${direction === "undo" ? "taking back " : ""}${step} failed: ${error.message}${again ? " Trying again." : ""}`,
  "step.interrupted": ({ step, error }) => `${step} ended without an answer: ${error.message}`,
  "abort.requested": ({ actor, reason }) => `${actor.name} asked to stop${reason === null ? "" : `: ${reason}`}`,
  "rollback.started": ({ cause, step, error }) =>
    cause === "abort"
      ? "taking back what was begun"
      : `taking back: ${step ?? "a step"} failed${error === null ? "" : `: ${error.message}`}`,
  "attention.requested": ({ reason }) => `needs attention: ${reason}`,
  "retry.requested": ({ actor }) => `${actor.name} asked to try again`,
  "deployment.succeeded": ({ outcome }) => `succeeded (${outcome})`,
  "deployment.failed": ({ error }) => `failed: ${error.message}`,
  "deployment.cancelled": () => "cancelled before anything was done",
  "deployment.rolled-back": (_, { plan }) => `taken back: ${servingAfterRollback(plan)}`,
  "deployment.abandoned": ({ actor, reason }) => `given up by ${actor.name}: ${reason}`,
};

function describe(step: string, state: DeploymentState): string {
  return stepsOf(state.plan).find(({ id }) => id === step)?.description ?? step;
}
