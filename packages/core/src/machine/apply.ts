import type { Direction } from "../contract/deployment-events.js";
import type { DeploymentState, MachineEvent, Phase, StepState } from "./state.js";
import { hasEnded, stepsOf } from "./state.js";

type EventOf<Type extends MachineEvent["type"]> = Extract<MachineEvent, { type: Type }>;

const untouched: StepState = { forward: { status: "waiting", attempt: 0 }, undo: { status: "waiting", attempt: 0 } };

/** The state after the first event of a journal. */
export function begin({ at, data }: EventOf<"deployment.created">): DeploymentState {
  return {
    id: data.deploymentId,
    version: 1,
    kind: data.kind,
    plan: data.plan,
    actor: data.actor,
    key: data.key,
    reason: data.reason,
    phase: "running",
    createdAt: at,
    endedAt: null,
    fence: 0,
    holder: null,
    deaths: {},
    steps: Object.fromEntries(stepsOf(data.plan).map((step) => [step.id, untouched])),
    intents: [],
    abort: null,
    rollback: null,
    attention: null,
    outcome: null,
    error: null,
    failedStep: null,
  };
}

type Reducers = { readonly [Type in MachineEvent["type"]]: (state: DeploymentState, event: EventOf<Type>) => DeploymentState };

const reducers: Reducers = {
  "deployment.created": (state) => state,
  "deployment.started": (state, { at, data }) => ({
    ...state,
    fence: data.fence,
    holder: data.holder,
    deaths: data.predecessorDead ? { ...state.deaths, [state.fence]: at } : state.deaths,
  }),
  "step.started": started,
  "step.succeeded": (state, { at, data }) =>
    withAttempt(state, data, { status: "succeeded", attempt: data.attempt, at, output: data.output }),
  "step.failed": (state, { at, data }) =>
    withAttempt(
      state,
      data,
      data.again ? { status: "waiting", attempt: data.attempt } : { status: "failed", attempt: data.attempt, at, error: data.error },
    ),
  "step.interrupted": (state, { data }) =>
    withAttempt(state, data, { status: "interrupted", attempt: data.attempt, observeAt: data.observeAt, error: data.error }),
  "abort.requested": (state, { data }) => ({ ...state, abort: state.abort ?? data }),
  "rollback.started": (state, { data }) => ({ ...state, phase: "rolling_back", rollback: data }),
  "attention.requested": (state, { data }) => ({ ...state, phase: "needs_attention", attention: data }),
  "retry.requested": retried,
  "deployment.succeeded": (state, { at, data }) => ({ ...end(state, "succeeded", at), outcome: data.outcome }),
  "deployment.failed": (state, { at, data }) => ({ ...end(state, "failed", at), error: data.error, failedStep: data.step }),
  "deployment.cancelled": (state, { at }) => end(state, "cancelled", at),
  "deployment.rolled-back": (state, { at, data }) => ({ ...end(state, "rolled_back", at), error: data.error, failedStep: data.step }),
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
  attempt: StepState["forward"],
): DeploymentState {
  const before = state.steps[step];
  if (before === undefined) return state;
  return { ...state, steps: { ...state.steps, [step]: { ...before, [direction]: attempt } } };
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
