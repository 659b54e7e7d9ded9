import type {
  Actor,
  DeploymentEventData,
  DeploymentEventType,
  Direction,
  Outcome,
  ProcessIdentity,
} from "../contract/deployment-events.js";
import type { DeploymentKind, Plan, PlanStep } from "../contract/plan.js";
import type { SerializedError } from "../errors/fairlead-error.js";
import type { Json } from "../json/json.js";

/** Where a deployment is. The first three have not ended; the others have. */
export type Phase = "running" | "rolling_back" | "needs_attention" | "succeeded" | "rolled_back" | "failed" | "cancelled" | "abandoned";

const ended: ReadonlySet<Phase> = new Set<Phase>(["succeeded", "rolled_back", "failed", "cancelled", "abandoned"]);

/** Whether nothing will happen any more. */
export function hasEnded(phase: Phase): boolean {
  return ended.has(phase);
}

/** What is known of a step in one direction. */
export type AttemptState =
  | { readonly status: "waiting"; readonly attempt: number }
  | { readonly status: "started"; readonly attempt: number; readonly at: number; readonly fence: number; readonly deadline: number }
  | { readonly status: "interrupted"; readonly attempt: number; readonly observeAt: number; readonly error: SerializedError }
  | { readonly status: "succeeded"; readonly attempt: number; readonly at: number; readonly output: Json }
  | { readonly status: "failed"; readonly attempt: number; readonly at: number; readonly error: SerializedError };

export interface StepState {
  readonly forward: AttemptState;
  readonly undo: AttemptState;
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
  readonly actor: Actor;
  readonly key: string | null;
  readonly reason: string | null;
  readonly phase: Phase;
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
  readonly abort: { readonly actor: Actor; readonly reason: string | null } | null;
  readonly rollback: DeploymentEventData["rollback.started"] | null;
  readonly attention: Attention | null;
  readonly outcome: Outcome | null;
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

/** What is to be done next. Commands follow from the state alone, so they are the same after a crash. */
export type Command =
  /** Append the intent, act, append the outcome. */
  | { readonly type: "attempt"; readonly step: PlanStep; readonly direction: Direction; readonly attempt: number }
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
  | { readonly type: "record"; readonly event: RecordedEvent }
  /** Find out what serves, then append `attention.requested`. */
  | { readonly type: "ask"; readonly reason: string; readonly errors: Attention["errors"]; readonly options: readonly string[] };

type Recorded = "rollback.started" | "deployment.succeeded" | "deployment.failed" | "deployment.cancelled" | "deployment.rolled-back";

export type RecordedEvent = { readonly [Type in Recorded]: { readonly type: Type; readonly data: DeploymentEventData[Type] } }[Recorded];

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
