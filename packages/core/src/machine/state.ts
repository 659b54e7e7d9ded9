import type {
  Actor,
  DeploymentEventData,
  DeploymentEventType,
  Direction,
  Outcome,
  ProcessIdentity,
  WaitingFor,
} from "../contract/deployment-events.js";
import type { DeploymentKind, Plan, PlanStep } from "../contract/plan.js";
import type { SerializedError } from "../errors/fairlead-error.js";
import type { Json } from "../json/json.js";

/** Where a deployment is: waiting for its turn, at work, or ended. */
export type Phase = WaitingPhase | ActivePhase | EndPhase;

/** It has not begun, and holds neither claim nor lease. */
type WaitingPhase = "queued" | "awaiting_approval" | "held";

/** It has the claim of its environment. */
type ActivePhase = "running" | "rolling_back" | "needs_attention";

type EndPhase = "succeeded" | "rolled_back" | "failed" | "cancelled" | "superseded" | "rejected" | "expired" | "abandoned";

const waiting: ReadonlySet<Phase> = new Set<WaitingPhase>(["queued", "awaiting_approval", "held"]);

const ended: ReadonlySet<Phase> = new Set<EndPhase>([
  "succeeded",
  "rolled_back",
  "failed",
  "cancelled",
  "superseded",
  "rejected",
  "expired",
  "abandoned",
]);

/** Whether it has not begun. */
export function isWaiting(phase: Phase): boolean {
  return waiting.has(phase);
}

/** Whether nothing will happen any more. */
export function hasEnded(phase: Phase): boolean {
  return ended.has(phase);
}

/** What is known of a step in one direction. */
export type AttemptState =
  | ({ readonly status: "deferred"; readonly attempt: number } & Deferral)
  | { readonly status: "waiting"; readonly attempt: number }
  | { readonly status: "started"; readonly attempt: number; readonly at: number; readonly fence: number; readonly deadline: number }
  | {
      readonly status: "interrupted";
      readonly attempt: number;
      readonly observeAt: number;
      readonly again: boolean;
      readonly error: SerializedError;
    }
  | { readonly status: "succeeded"; readonly attempt: number; readonly at: number; readonly output: Json }
  | { readonly status: "failed"; readonly attempt: number; readonly at: number; readonly error: SerializedError };

/** What a step waits for before it is tried again. */
export interface Deferral {
  readonly waitingFor: WaitingFor;
  readonly reason: string;
  /** Epoch milliseconds; `null`: until an event. */
  readonly until: number | null;
}

export interface StepState {
  readonly forward: AttemptState;
  readonly undo: AttemptState;
  /** What the last attempt that was deferred left for the next one. */
  readonly memo: Json;
}

/** The word of a person, to the whole plan or to a step. */
export interface Approval {
  readonly actor: Actor;
  readonly reason: string | null;
  readonly step: string | null;
  /** Of the plan that it was said about. */
  readonly digest: string;
}

interface Wish {
  readonly actor: Actor;
  readonly reason: string | null;
}

export interface Attention {
  readonly reason: string;
  readonly errors: DeploymentEventData["attention.requested"]["errors"];
  readonly serving: DeploymentEventData["attention.requested"]["serving"];
  readonly options: readonly string[];
}

/** A deployment: the fold over its journal. */
export interface DeploymentState {
  readonly id: string;
  /** How many events it was folded from. */
  readonly version: number;
  readonly kind: DeploymentKind;
  readonly plan: Plan;
  /** When the plan was made, epoch milliseconds. */
  readonly plannedAt: number;
  readonly actor: Actor;
  readonly key: string | null;
  readonly reason: string | null;
  readonly phase: Phase;
  /** Whether the environment was, and until it has ended is, its own. */
  readonly claimed: boolean;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly endedAt: number | null;
  /** Who drives it, and with which token. 0: nobody has yet. */
  readonly fence: number;
  readonly holder: ProcessIdentity | null;
  /** Processes that are proven gone, by their tokens, and since when at the latest. Of one that only seems gone, calls may run up to their deadlines. */
  readonly deaths: Readonly<Record<number, number>>;
  readonly steps: Readonly<Record<string, StepState>>;
  /** Steps with an effect in the order of their first intents. */
  readonly intents: readonly string[];
  readonly approvals: readonly Approval[];
  readonly rejections: readonly Approval[];
  /** A person overrode what held it. */
  readonly overridden: boolean;
  readonly hold: { readonly reason: string; readonly until: number | null } | null;
  /** A person paused it, since when. */
  readonly pause: (Wish & { readonly since: number }) | null;
  /** How long it was paused altogether, without the pause that it is in; in milliseconds. */
  readonly pausedFor: number;
  /** Gates that a person wants to leave. */
  readonly advanced: readonly string[];
  readonly advanceAll: Wish | null;
  readonly abort: Wish | null;
  /** A person wants taken back what can be, whatever the plan says. */
  readonly forced: Wish | null;
  /** Nobody drives it: all it does is wait. */
  readonly parked: { readonly until: number | null } | null;
  readonly rollback: DeploymentEventData["rollback.started"] | null;
  readonly attention: Attention | null;
  readonly outcome: Outcome | null;
  /** The deployment that took its place. */
  readonly supersededBy: string | null;
  /** Why it did not succeed. */
  readonly error: SerializedError | null;
  readonly failedStep: string | null;
}

/** An event as the machine takes it. */
export type MachineEvent = {
  readonly [Type in DeploymentEventType]: {
    readonly type: Type;
    /** Epoch milliseconds. */ readonly at: number;
    readonly data: DeploymentEventData[Type];
  };
}[DeploymentEventType];

/** What is to be done next. Commands follow from the state alone, so they are the same after a crash. `notBefore` is in epoch milliseconds: 0 is now, infinity not without another event. */
export type Command =
  /** It has not begun: find out whether it may. */
  | { readonly type: "admit" }
  /** Append the intent, act, append the outcome. */
  | {
      readonly type: "attempt";
      readonly step: PlanStep;
      readonly direction: Direction;
      readonly attempt: number;
      readonly notBefore: number;
    }
  /** Nobody knows what came of the attempt: not before `notBefore` ask the provider, append what is true. With `again`, an absent effect is tried anew. */
  | {
      readonly type: "observe";
      readonly step: PlanStep;
      readonly direction: Direction;
      readonly attempt: number;
      readonly notBefore: number;
      readonly again: boolean;
      readonly error: SerializedError | null;
    }
  /** Make the call that this process has running end early. */
  | { readonly type: "cancel"; readonly step: PlanStep; readonly direction: Direction }
  /** Append the event. */
  | { readonly type: "record"; readonly event: RecordedEvent; readonly notBefore: number }
  /** Find out what serves, then append `attention.requested`. */
  | { readonly type: "ask"; readonly reason: string; readonly errors: Attention["errors"]; readonly options: readonly string[] };

type Recorded =
  | "approval.requested"
  | "deployment.released"
  | "step.succeeded"
  | "rollback.started"
  | "deployment.succeeded"
  | "deployment.failed"
  | "deployment.cancelled"
  | "deployment.rolled-back"
  | "deployment.rejected"
  | "deployment.expired";

export type RecordedEvent = { readonly [Type in Recorded]: { readonly type: Type; readonly data: DeploymentEventData[Type] } }[Recorded];

/** `notBefore` of what is to be done at once. */
export const now = 0;

/** `notBefore` of what is not to be done without another event. */
export const never = Number.POSITIVE_INFINITY;

export function record(event: RecordedEvent, notBefore = now): Extract<Command, { type: "record" }> {
  return { type: "record", event, notBefore };
}

/** One try of a step in one direction. */
export interface AttemptTask {
  readonly step: PlanStep;
  readonly direction: Direction;
  readonly attempt: number;
}

const stepsByPlan = new WeakMap<Plan, readonly PlanStep[]>();

/** All steps of a plan in order. */
export function stepsOf(plan: Plan): readonly PlanStep[] {
  let steps = stepsByPlan.get(plan);
  if (steps === undefined) {
    steps = plan.groups.flatMap((group) => group.steps);
    stepsByPlan.set(plan, steps);
  }
  return steps;
}
