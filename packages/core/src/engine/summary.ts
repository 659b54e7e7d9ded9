import type { JsonObject } from "../json/json.js";
import { isWaiting, type DeploymentState } from "../machine/index.js";

/** What `list` finds a deployment by. A member of the store's summary, derived from the state and from nothing else. */
export function summarize(state: DeploymentState): JsonObject {
  return {
    id: state.id,
    application: state.plan.application,
    environment: state.plan.environment,
    kind: state.kind,
    phase: state.phase,
    open: state.endedAt === null,
    waiting: isWaiting(state.phase),
    // Nobody has to drive it before its timer is due.
    asleep: isWaiting(state.phase) || state.parked !== null,
    outcome: state.outcome,
    release: state.plan.release.id,
    commit: state.plan.release.provenance.commit ?? null,
    digest: state.plan.digest,
    key: state.key,
    actor: state.actor.name,
    reason: state.reason,
    createdAt: new Date(state.createdAt).toISOString(),
    endedAt: state.endedAt === null ? null : new Date(state.endedAt).toISOString(),
    error: state.error === null ? null : state.error.message,
  };
}
