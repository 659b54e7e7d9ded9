import type { DeploymentEvent, DeploymentEventType, DeploymentEventData } from "../contract/deployment-events.js";
import type { StoredEvent } from "../contract/store.js";
import { servingAfterRollback } from "../plan/index.js";
import { stepsOf, wayBack, type DeploymentState, type WayBack } from "../machine/index.js";

/** Stored events as readers and listeners get them. */
export function toDeploymentEvents(
  stored: readonly Pick<StoredEvent, "type" | "at" | "data" | "version">[],
  state: DeploymentState,
): readonly DeploymentEvent[] {
  const { application, environment } = state.plan;
  return stored.map((event) => {
    // Events are written with the data of their type.
    const { type, at, data, version } = event as unknown as { type: DeploymentEventType; at: string; data: never; version: number };
    const about = { type, at, application, environment, deploymentId: state.id, version, summary: summaries[type](data, state), data };
    return Object.freeze(about) as unknown as DeploymentEvent;
  });
}

type Summaries = { readonly [Type in DeploymentEventType]: (data: DeploymentEventData[Type], state: DeploymentState) => string };

const summaries: Summaries = {
  "deployment.created": ({ kind, plan }) => `${kind} of ${plan.release.id} to ${plan.environment} recorded`,
  "deployment.started": ({ holder }) => `driven by ${holder.name}, process ${String(holder.pid)}`,
  "step.started": ({ step, direction }, state) =>
    direction === "undo"
      ? `taking back ${step}`
      : `${step}: ${describe(step, state)}${closesWay(step, state) ? "; from here on a failure stops and asks a person" : ""}`,
  "step.succeeded": ({ step, direction, observed }) =>
    `${step} ${direction === "undo" ? "taken back" : "done"}${observed ? " (found to be so)" : ""}`,
  "step.failed": ({ step, direction, error, again }) =>
    error.code === "STEP_GIVEN_UP"
      ? error.message
      : `${direction === "undo" ? "taking back " : ""}${step} failed: ${error.message}${again ? " Trying again." : ""}`,
  "step.interrupted": ({ step, error }) => `${step} ended without an answer: ${error.message}`,
  "step.deferred": ({ step, reason }) => `${step} waits: ${reason}`,
  "plan.renewed": (_, { plan }) => `planned anew from what serves ${plan.environment} now`,
  "approval.requested": ({ required }) => `waiting for ${String(required)} to agree`,
  "approval.granted": ({ actor, step, reason }) => `${actor.name} agreed${step === null ? "" : ` to ${step}`}${because(reason)}`,
  "approval.rejected": ({ actor, step, reason }) => `${actor.name} refused${step === null ? "" : ` ${step}`}${because(reason)}`,
  "deployment.held": ({ reason }) => `held: ${reason}`,
  "deployment.released": ({ actor, reason }) =>
    actor === null ? "held no longer" : `${actor.name} overrode what held it${because(reason)}`,
  "deployment.claimed": (_, { plan }) => `has ${plan.environment} to itself; ${wayBackWords(wayBack({ plan }))}`,
  "deployment.parked": ({ until }) => `waiting ${until === null ? "for an event" : `until ${new Date(until).toISOString()}`}`,
  "deployment.paused": ({ actor, reason }) => `${actor.name} paused it${because(reason)}`,
  "deployment.resumed": ({ actor, reason }) => `${actor.name} resumed it${because(reason)}`,
  "advance.requested": ({ actor, reason }) => `${actor.name} asked to go on${because(reason)}`,
  "advance-all.requested": ({ actor, reason }) => `${actor.name} asked to go on through all gates${because(reason)}`,
  "rollback.requested": ({ actor, reason }) => `${actor.name} asked to take it back${because(reason)}`,
  "abort.requested": ({ actor, reason }) => `${actor.name} asked to stop${because(reason)}`,
  "rollback.started": ({ cause, step, error }) =>
    cause !== "step-failed"
      ? "taking back what was begun"
      : `taking back: ${step ?? "a step"} failed${error === null ? "" : `: ${error.message}`}`,
  "attention.requested": ({ reason }) => `needs attention: ${reason}`,
  "retry.requested": ({ actor }) => `${actor.name} asked to try again`,
  "deployment.succeeded": ({ outcome }) => `succeeded (${outcome})`,
  "deployment.failed": ({ error }) => `failed: ${error.message}`,
  "deployment.cancelled": () => "cancelled before anything was done",
  "deployment.rolled-back": (_, { plan }) => `taken back: ${servingAfterRollback(plan)}`,
  "deployment.superseded": ({ by }) => `superseded by ${by}`,
  "deployment.rejected": ({ actor, reason }) => `rejected by ${actor.name}${because(reason)}`,
  "deployment.expired": ({ reason }) => `expired: ${reason}`,
  "deployment.abandoned": ({ actor, reason }) => `given up by ${actor.name}: ${reason}`,
};

function because(reason: string | null): string {
  return reason === null ? "" : `: ${reason}`;
}

/** Until where it can be taken back by itself. */
function wayBackWords({ closes, steps }: WayBack): string {
  if (steps === 0) return "there is nothing to take back";
  if (closes === null) return "it can be taken back by itself at every step";
  return `it can be taken back by itself until ${closes.step}, step ${String(closes.position)} of ${String(steps)}`;
}

function closesWay(step: string, state: DeploymentState): boolean {
  return wayBack(state).closes?.step === step;
}

function describe(step: string, state: DeploymentState): string {
  return stepsOf(state.plan).find(({ id }) => id === step)?.description ?? step;
}
