import { canonicalJson, type Json } from "../../src/json/index.js";
import { begunBy, decide, hasEnded, isWaiting, openGates, type DeploymentState, type MachineEvent } from "../../src/machine/index.js";

/** What is wrong with an event as the next one of a journal: the machine had not asked for it, or nobody could have said it. `undefined` if nothing is. */
export function problemOf(state: DeploymentState, event: MachineEvent): string | undefined {
  if (hasEnded(state.phase)) return `${event.type} after it ${state.phase}`;
  switch (event.type) {
    case "deployment.created":
      return "it was created twice";
    case "step.started":
      return intentProblem(state, event);
    case "step.succeeded":
    case "step.failed":
    case "step.interrupted":
    case "step.deferred":
      return isRecorded(state, event) ? undefined : outcomeProblem(state, event);
    case "attention.requested":
      return decide(state).some(({ type }) => type === "ask") ? undefined : "nobody asked for a person";
    case "deployment.claimed":
      return state.phase === "queued" ? undefined : `it was claimed while it was ${state.phase}`;
    case "plan.renewed":
      return state.phase === "queued" ? undefined : `its plan changed while it was ${state.phase}`;
    case "deployment.held":
    case "deployment.superseded":
      return isWaiting(state.phase) ? undefined : `${event.type} while it was ${state.phase}`;
    case "deployment.started":
      return event.data.fence > state.fence ? undefined : "its token is no newer than the one before";
    case "deployment.parked":
      return begunBy(state.fence, state).length === 0 ? undefined : "it was parked while something ran";
    case "deployment.abandoned":
    case "retry.requested":
    case "rollback.requested":
      return state.phase === "needs_attention" ? undefined : `${event.type} while it was ${state.phase}`;
    case "abort.requested":
      return state.phase === "needs_attention" ? "abort while a person was asked" : undefined;
    case "deployment.paused":
    case "advance-all.requested":
      return state.phase === "running" ? undefined : `${event.type} while it was ${state.phase}`;
    case "deployment.resumed":
      return state.pause === null ? "it was not paused" : undefined;
    case "advance.requested":
      return openGates(state).length === 0 ? "it was in no gate" : undefined;
    case "approval.granted":
    case "approval.rejected":
      return event.data.digest === state.plan.digest ? undefined : "it was a word to another plan";
    case "deployment.released":
      return state.phase === "held" || event.data.actor === null ? undefined : "nothing held it";
    case "deployment.succeeded":
      return event.data.outcome === "unchanged" || isRecorded(state, event) ? undefined : "it had not come to its end";
    default:
      return isRecorded(state, event) ? undefined : `${event.type} does not follow`;
  }
}

/** Whether the machine itself asks for this event, now. */
function isRecorded(state: DeploymentState, { type, data, at }: MachineEvent): boolean {
  return decide(state).some(
    (command) =>
      command.type === "record" &&
      command.notBefore <= at &&
      command.event.type === type &&
      canonicalJson(command.event.data as Json) === canonicalJson(data as Json),
  );
}

function intentProblem(state: DeploymentState, { data, at }: Extract<MachineEvent, { type: "step.started" }>): string | undefined {
  const { step, direction, attempt, fence } = data;
  if (fence !== state.fence) return `${step} was begun with an old token`;
  if (direction === "forward" && state.abort !== null) return `${step} was begun after the abort`;
  const isAsked = decide(state).some(
    (command) =>
      command.type === "attempt" &&
      command.step.id === step &&
      command.direction === direction &&
      command.attempt === attempt &&
      command.notBefore <= at,
  );
  return isAsked ? undefined : `${direction} ${step} was begun, which nothing asked for`;
}

type OutcomeEvent = Extract<MachineEvent, { type: "step.succeeded" | "step.failed" | "step.interrupted" | "step.deferred" }>;

function outcomeProblem({ steps }: DeploymentState, { type, data: { step, direction, attempt } }: OutcomeEvent): string | undefined {
  const before = steps[step]?.[direction];
  if (before === undefined || before.attempt === 0) return `${type} of ${step}, which was never begun`;
  // A gate that was left answers still, and that changes nothing.
  return before.attempt >= attempt && before.status !== "waiting" ? undefined : `${type} of an attempt at ${step} that is not under way`;
}
