import type { JsonObject } from "../json/json.js";
import { restoredIn, waitedFor, type Account } from "../history/index.js";
import { isWaiting, type DeploymentState } from "../machine/index.js";

/** What `list` finds a deployment by, and statistics are made of. A member of the store's summary, derived from the journal and from nothing else. */
export function summarize(state: DeploymentState, account: Account): JsonObject {
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
    previousRelease: state.plan.previousRelease ?? null,
    commit: state.plan.release.provenance.commit ?? null,
    digest: state.plan.digest,
    key: state.key,
    actor: state.actor.name,
    reason: state.reason,
    createdAt: new Date(state.createdAt).toISOString(),
    endedAt: state.endedAt === null ? null : new Date(state.endedAt).toISOString(),
    cause: state.rollback?.cause ?? null,
    exposed: account.exposed,
    waited: waitedFor(account),
    restoredIn: restoredIn(account),
    error: state.error === null ? null : state.error.message,
  };
}
