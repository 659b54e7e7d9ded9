import { isApproved, rejectionOf } from "./approval.js";
import { never, record, type Command, type DeploymentState } from "./state.js";

/** Before it begins: people are asked, what holds it is waited for, and then it is found out whether it may begin. */
export function admission(state: DeploymentState): Command {
  const rejection = rejectionOf(state, null);
  if (state.abort !== null) return record({ type: "deployment.cancelled", data: { reason: state.abort.reason } });
  if (rejection !== undefined) return record({ type: "deployment.rejected", data: { actor: rejection.actor, reason: rejection.reason } });
  if (state.phase === "held")
    return record({ type: "deployment.released", data: { actor: null, reason: null } }, state.hold?.until ?? never);
  if (isApproved(state) || state.plan.approval === undefined) return { type: "admit" };
  const { required, expiresAfter } = state.plan.approval;
  const expiresAt = state.plannedAt + expiresAfter;
  return state.phase === "awaiting_approval"
    ? record({ type: "deployment.expired", data: { reason: `${String(required)} had to agree, and nobody else did in time` } }, expiresAt)
    : record({ type: "approval.requested", data: { required, expiresAt } });
}
