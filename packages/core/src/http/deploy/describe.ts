import type { LogEntry } from "../../contract/deployment-events.js";
import type { DeploymentSummary, RequestState } from "../../deployer/types.js";
import type { SerializedError } from "../../errors/fairlead-error.js";
import { digestAsked, hasEnded, stepAsked, stepsOf, summaryAsked, type DeploymentState, type Phase } from "../../machine/index.js";
import type { DeploymentStatus, HistoryLine, StatusWord } from "./schemas.js";

const words: Readonly<Record<Phase, StatusWord>> = {
  queued: "pending",
  awaiting_approval: "pending",
  held: "pending",
  running: "running",
  rolling_back: "running",
  needs_attention: "needs_attention",
  succeeded: "succeeded",
  rolled_back: "rolled_back",
  failed: "failed",
  cancelled: "cancelled",
  superseded: "cancelled",
  rejected: "cancelled",
  expired: "cancelled",
  abandoned: "failed",
};

/** A deployment as the deploy API answers it. */
export function describeDeployment(state: DeploymentState, lines: readonly LogEntry[]): DeploymentStatus {
  const { plan, phase, endedAt } = state;
  const { commit = null, branch = null } = plan.release.provenance;
  const isActive = phase === "running" || phase === "rolling_back";
  return {
    deploymentId: state.id,
    environment: plan.environment,
    kind: state.kind,
    status: words[phase],
    phase,
    outcome: state.outcome,
    release: plan.release.id,
    previousRelease: plan.previousRelease ?? null,
    commit,
    branch,
    actor: state.actor.name,
    reason: state.reason,
    driver: isActive ? (state.holder?.name ?? null) : null,
    createdAt: new Date(state.createdAt).toISOString(),
    endedAt: endedAt === null ? null : new Date(endedAt).toISOString(),
    progress: progressOf(state),
    waitingFor: waitOf(state),
    error: shown(state.error),
    logs: lines.map(({ at, level, step, message }) => ({ at, level, step, message })),
  };
}

/** A request that no worker has made a deployment of. */
export function describeRequest(request: RequestState): DeploymentStatus {
  const { id, environment, kind, commit, branch, actor, reason, createdAt, error } = request;
  return {
    deploymentId: id,
    environment,
    kind,
    status: error === null ? "pending" : "failed",
    phase: error === null ? "requested" : "refused",
    outcome: null,
    release: null,
    previousRelease: null,
    commit,
    branch,
    actor,
    reason,
    driver: null,
    createdAt,
    endedAt: null,
    progress: { percent: 0, completed: 0, total: 0, steps: [] },
    waitingFor: error === null ? { what: "worker", reason: "a worker has to take it", digest: null, summary: [] } : null,
    error: shown(error),
    logs: [],
  };
}

/** A line of the history. */
export function describeSummary(summary: DeploymentSummary): HistoryLine {
  const { id, environment, kind, phase, outcome, release, commit, actor, reason, error, createdAt, endedAt, waited } = summary;
  const duration = endedAt === null ? null : Math.max(0, Date.parse(endedAt) - Date.parse(createdAt) - waited);
  const about = { deploymentId: id, environment, kind, status: words[phase], phase, outcome, release, commit };
  return { ...about, actor, reason, error, createdAt, endedAt, duration };
}

function progressOf(state: DeploymentState): DeploymentStatus["progress"] {
  const planned = stepsOf(state.plan);
  const steps = planned.map(({ id, stage, description }) => {
    const { forward, undo } = state.steps[id] ?? { forward: { status: "waiting" as const }, undo: { status: "waiting" as const } };
    const isUndone = undo.status === "succeeded";
    const reason = forward.status === "deferred" ? forward.reason : forward.status === "failed" ? forward.error.message : null;
    return { step: id, stage, description, status: isUndone ? ("undone" as const) : forward.status, reason };
  });
  const completed = steps.filter(({ status }) => status === "succeeded").length;
  const total = steps.length;
  const percent = state.phase === "succeeded" ? 100 : total === 0 ? 0 : Math.floor((completed / total) * 100);
  return { percent, completed, total, steps };
}

function waitOf(state: DeploymentState): DeploymentStatus["waitingFor"] {
  if (hasEnded(state.phase)) return null;
  return state.phase === "running" || state.phase === "rolling_back" ? stepWaitOf(state) : wholeWaitOf(state);
}

/** What keeps it from beginning, or from going on at all. */
function wholeWaitOf(state: DeploymentState): DeploymentStatus["waitingFor"] {
  if (state.phase === "awaiting_approval")
    return { what: "approval", reason: "people have to agree", digest: digestAsked(state, null), summary: [...state.plan.warnings] };
  if (state.phase === "held") return { what: "hold", reason: state.hold?.reason ?? "", digest: null, summary: [] };
  if (state.phase === "queued") return { what: "queue", reason: "its turn", digest: null, summary: [] };
  return { what: "attention", reason: state.attention?.reason ?? "", digest: null, summary: [...(state.attention?.options ?? [])] };
}

function stepWaitOf(state: DeploymentState): DeploymentStatus["waitingFor"] {
  // People first: the others pass by themselves.
  const asked = stepAsked(state)?.id;
  const step = asked ?? Object.keys(state.steps).find((id) => state.steps[id]?.forward.status === "deferred") ?? "";
  const forward = state.steps[step]?.forward;
  if (forward?.status !== "deferred") return null;
  const isAsked = asked !== undefined;
  const digest = isAsked ? digestAsked(state, step) : null;
  return { what: forward.waitingFor, reason: forward.reason, digest, summary: isAsked ? [...summaryAsked(state, step)] : [] };
}

function shown(error: SerializedError | null): DeploymentStatus["error"] {
  return error === null ? null : { code: error.code, message: error.message, hint: error.hint };
}
