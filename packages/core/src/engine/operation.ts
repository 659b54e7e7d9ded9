import type { DeploymentCall } from "../contract/call.js";
import type { Capabilities, CapabilityName } from "../contract/plugin.js";
import type { Plan, PlanStep, StepInput } from "../contract/plan.js";
import type { StepObservation } from "../contract/step.js";
import type { ComponentReference } from "../contract/target.js";
import type { Json } from "../json/json.js";
import type { Deferred } from "./deferral.js";
import type { Clock } from "../time/clock.js";

/** The capabilities of an environment's plugins, set up when they are first asked for. */
export interface CapabilitySource {
  /** Throws `CAPABILITY_MISSING`. */
  get<Name extends CapabilityName>(plugin: string, capability: Name): Promise<Capabilities[Name]>;
  /** All plugins of the environment that provide it. */
  all<Name extends CapabilityName>(
    capability: Name,
  ): Promise<readonly { readonly plugin: string; readonly capability: Capabilities[Name] }[]>;
}

/** What an operation is given. */
export interface OperationContext {
  readonly step: PlanStep;
  readonly plan: Plan;
  /** The step's input with every reference to an earlier output filled in. */
  readonly input: StepInput;
  /** The component that the step belongs to; operations on components have one. */
  readonly component: ComponentReference | undefined;
  /** Of an attempt before that was deferred. */
  readonly waited: Waited;
  readonly capabilities: CapabilitySource;
  readonly clock: Clock;
  readonly call: DeploymentCall;
}

/** What a gate that was deferred wants to know. */
export interface Waited {
  /** What its last attempt left for this one; `null` for the first. */
  readonly memo: Json;
  /** How long the deployment was paused so far, in milliseconds. */
  readonly pausedFor: number;
  /** A person let the deployment begin although something held it. */
  readonly overridden: boolean;
  /** Who has agreed to going on behind it. */
  readonly approvers: readonly string[];
  /** Who has refused to. */
  readonly rejection: { readonly actor: string; readonly reason: string | null } | undefined;
}

/** How an operation of the closed list is done, asked about and taken back. */
export interface OperationHandler {
  /** Does it. Only what has no effect may be deferred. */
  run(context: OperationContext): Promise<Json | Deferred>;
  /** What is true about its effect. */
  observe(context: OperationContext): Promise<StepObservation>;
  /** Takes it back; `output` is undefined when it is not known what came of it. */
  undo?(context: OperationContext & { readonly output: Json | undefined }): Promise<void>;
  /** What is true about its undoing: `undone` or `absent` when there is nothing left to take back. */
  observeUndo?(context: OperationContext & { readonly output: Json | undefined }): Promise<StepObservation>;
}

/** Handlers by operation. */
export type Operations = Readonly<Record<string, OperationHandler>>;
