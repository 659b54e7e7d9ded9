import type { Direction } from "../contract/deployment-events.js";
import type { Plan } from "../contract/plan.js";
import type { Json } from "../json/json.js";
import { isApproved } from "./approval.js";
import { openGates } from "./gates.js";
import type { AttemptState, DeploymentState, MachineEvent, Phase, StepState } from "./state.js";
import { hasEnded, stepsOf } from "./state.js";

type EventOf<Type extends MachineEvent["type"]> = Extract<MachineEvent, { type: Type }>;

const untouched: StepState = { forward: { status: "waiting", attempt: 0 }, undo: { status: "waiting", attempt: 0 }, memo: null };

/** The state after the first event of a journal. */
export function begin({ at, data }: EventOf<"deployment.created">): DeploymentState {
  return {
    id: data.deploymentId,
    version: 1,
    kind: data.kind,
    plan: data.plan,
    plannedAt: at,
    actor: data.actor,
    key: data.key,
    reason: data.reason,
    phase: "queued",
    claimed: false,
    createdAt: at,
    endedAt: null,
    fence: 0,
    holder: null,
    deaths: {},
    steps: stepStates(data.plan),
    intents: [],
    approvals: [],
    rejections: [],
    overridden: false,
    hold: null,
    pause: null,
    pausedFor: 0,
    advanced: [],
    advanceAll: null,
    abort: null,
    forced: null,
    parked: null,
    rollback: null,
    attention: null,
    outcome: null,
    supersededBy: null,
    error: null,
    failedStep: null,
  };
}

type Reducers = { readonly [Type in MachineEvent["type"]]: (state: DeploymentState, event: EventOf<Type>) => DeploymentState };

const reducers: Reducers = {
  "deployment.created": (state) => state,
  "plan.renewed": (state, { at, data }) => ({ ...state, plan: data.plan, plannedAt: at, steps: stepStates(data.plan), phase: "queued" }),
  "approval.requested": (state) => ({ ...state, phase: "awaiting_approval" }),
  "approval.granted": granted,
  "approval.rejected": (state, { data }) => touched({ ...state, rejections: [...state.rejections, data] }, data.step),
  "deployment.held": (state, { data }) => ({ ...state, phase: "held", hold: data }),
  "deployment.released": (state, { data }) =>
    state.phase === "held"
      ? { ...state, phase: "queued", hold: null, overridden: state.overridden || data.actor !== null }
      : frozenSteps(state).reduce((after, step) => touched(after, step), state),
  "deployment.claimed": (state) => ({ ...state, phase: "running", claimed: true }),
  "deployment.parked": (state, { data }) => ({ ...state, parked: data }),
  "deployment.paused": (state, { at, data }) => ({ ...state, pause: state.pause ?? { ...data, since: at } }),
  "deployment.resumed": (state, { at }) =>
    state.pause === null ? state : { ...state, pause: null, pausedFor: state.pausedFor + at - state.pause.since },
  "advance.requested": (state) => ({ ...state, advanced: [...new Set([...state.advanced, ...openGates(state).map(({ id }) => id)])] }),
  "advance-all.requested": (state, { data }) => ({ ...state, advanceAll: state.advanceAll ?? data }),
  "rollback.requested": (state, { data }) =>
    state.phase === "needs_attention" && state.rollback === null ? { ...state, phase: "running", attention: null, forced: data } : state,
  "deployment.started": (state, { at, data }) => ({
    ...state,
    parked: null,
    fence: data.fence,
    holder: data.holder,
    deaths: data.predecessorDead ? { ...state.deaths, [state.fence]: at } : state.deaths,
  }),
  "step.started": started,
  "step.succeeded": (state, { at, data }) =>
    withOutcome(state, data, { status: "succeeded", attempt: data.attempt, at, output: data.output }),
  "step.deferred": (state, { data: { memo, waitingFor, reason, until, ...data } }) =>
    withOutcome(state, data, { status: "deferred", attempt: data.attempt, waitingFor, reason, until }, memo),
  "step.failed": (state, { at, data }) =>
    withOutcome(
      state,
      data,
      data.again ? { status: "waiting", attempt: data.attempt } : { status: "failed", attempt: data.attempt, at, error: data.error },
    ),
  "step.interrupted": (state, { data }) =>
    withOutcome(state, data, {
      status: "interrupted",
      attempt: data.attempt,
      observeAt: data.observeAt,
      again: data.again,
      error: data.error,
    }),
  "abort.requested": (state, { data }) => ({ ...state, abort: state.abort ?? data }),
  "rollback.started": (state, { data }) => ({ ...state, phase: "rolling_back", rollback: data }),
  "attention.requested": (state, { data }) => ({ ...state, phase: "needs_attention", attention: data }),
  "retry.requested": retried,
  "deployment.succeeded": (state, { at, data }) => ({ ...end(state, "succeeded", at), outcome: data.outcome }),
  "deployment.failed": (state, { at, data }) => ({ ...end(state, "failed", at), error: data.error, failedStep: data.step }),
  "deployment.cancelled": (state, { at }) => end(state, "cancelled", at),
  "deployment.rolled-back": (state, { at, data }) => ({ ...end(state, "rolled_back", at), error: data.error, failedStep: data.step }),
  "deployment.superseded": (state, { at, data }) => ({ ...end(state, "superseded", at), supersededBy: data.by }),
  "deployment.rejected": (state, { at }) => end(state, "rejected", at),
  "deployment.expired": (state, { at }) => end(state, "expired", at),
  "deployment.abandoned": (state, { at }) => end(state, "abandoned", at),
};

/** The state after one more event. Total: what has ended stays as it is, and an event about a step that the plan does not have changes nothing. */
export function apply(state: DeploymentState, event: MachineEvent): DeploymentState {
  const version = state.version + 1;
  if (hasEnded(state.phase)) return { ...state, version };
  const reduce = reducers[event.type] as (state: DeploymentState, event: MachineEvent) => DeploymentState;
  return { ...reduce(state, event), version };
}

function end(state: DeploymentState, phase: Phase, at: number): DeploymentState {
  return { ...state, phase, endedAt: at };
}

function started(state: DeploymentState, { at, data }: EventOf<"step.started">): DeploymentState {
  const step = stepsOf(state.plan).find(({ id }) => id === data.step);
  if (step === undefined) return state;
  const first = data.direction === "forward" && step.effect && !state.intents.includes(step.id);
  return {
    ...withAttempt(state, data, { status: "started", attempt: data.attempt, at, fence: data.fence, deadline: data.deadline }),
    intents: first ? [...state.intents, step.id] : state.intents,
  };
}

function withAttempt(
  state: DeploymentState,
  { step, direction }: { readonly step: string; readonly direction: Direction },
  attempt: AttemptState,
): DeploymentState {
  const before = state.steps[step];
  if (before === undefined) return state;
  return { ...state, steps: { ...state.steps, [step]: { ...before, [direction]: attempt } } };
}

/** What came of an attempt. Of one that is over already nothing comes any more: a gate that was left answers still. */
function withOutcome(
  state: DeploymentState,
  data: { readonly step: string; readonly direction: Direction; readonly attempt: number },
  outcome: AttemptState,
  memo?: Json,
): DeploymentState {
  const before = state.steps[data.step]?.[data.direction];
  if (before === undefined || isOver(before, data.attempt)) return state;
  const after = withAttempt(state, data, outcome);
  const step = after.steps[data.step];
  return memo === undefined || step === undefined ? after : { ...after, steps: { ...after.steps, [data.step]: { ...step, memo } } };
}

function isOver(before: AttemptState, attempt: number): boolean {
  return before.attempt > attempt || before.status === "succeeded" || before.status === "failed";
}

/** Enough people have agreed: it is queued. A step that waits for them looks again. */
function granted(state: DeploymentState, { data }: EventOf<"approval.granted">): DeploymentState {
  const after = { ...state, approvals: [...state.approvals, data] };
  if (data.step !== null) return touched(after, data.step);
  return after.phase === "awaiting_approval" && isApproved(after) ? { ...after, phase: "queued" } : after;
}

/** Steps that wait for the end of a freeze. */
function frozenSteps({ steps }: DeploymentState): readonly string[] {
  return Object.keys(steps).filter((id) => {
    const forward = steps[id]?.forward;
    return forward?.status === "deferred" && forward.waitingFor === "freeze";
  });
}

/** A step that was deferred is tried again at once. */
function touched(state: DeploymentState, step: string | null): DeploymentState {
  const forward = step === null ? undefined : state.steps[step]?.forward;
  if (step === null || forward?.status !== "deferred") return state;
  return withAttempt(state, { step, direction: "forward" }, { ...forward, until: 0 });
}

function stepStates(plan: Plan): DeploymentState["steps"] {
  return Object.fromEntries(stepsOf(plan).map((step) => [step.id, untouched]));
}

/** What failed waits again; the direction in which the deployment went stays. */
function retried(state: DeploymentState): DeploymentState {
  if (state.phase !== "needs_attention") return state;
  const direction: Direction = state.rollback === null ? "forward" : "undo";
  const steps = Object.fromEntries(
    Object.entries(state.steps).map(([id, step]) => {
      const attempt = step[direction];
      return [id, attempt.status === "failed" ? { ...step, [direction]: { status: "waiting", attempt: attempt.attempt } } : step];
    }),
  );
  return {
    ...state,
    steps,
    phase: state.rollback === null ? "running" : "rolling_back",
    attention: null,
    abort: state.rollback === null ? null : state.abort,
  };
}
