import type { SerializedError } from "../errors/fairlead-error.js";
import type { Json, JsonObject } from "../json/json.js";
import type { DeploymentKind, Plan } from "./plan.js";
import type { Candidate, Release } from "./release.js";

/** Who wanted something, and by which way. */
export interface Actor {
  /** A name for people: `ada@example.com`, `github-actions`. */
  readonly name: string;
  readonly via: "cli" | "api" | "code" | "schedule" | "automatic";
}

/** A process that drives deployments. Two are the same only if all of it is equal. */
export interface ProcessIdentity {
  readonly name: string;
  readonly host: string;
  readonly pid: number;
  /** Distinguishes boots of a host, and containers on it; `null` where the system does not tell: then nothing about its death can be proved. */
  readonly boot: string | null;
  /** When the process started, as the system counts it; distinguishes a reused pid. */
  readonly started: string | null;
}

export type Direction = "forward" | "undo";

interface StepAttempt {
  readonly step: string;
  readonly direction: Direction;
  /** 1, 2, … per step and direction. */
  readonly attempt: number;
}

/** What the deployment ended with when it succeeded. */
export type Outcome = "promoted" | "unchanged" | "rolled-back" | "adopted";

/** What is known to serve when a person has to decide. */
export interface ServingFact {
  readonly component: string;
  readonly candidate: string | null;
  readonly release: string | null;
  readonly note: string | null;
}

/**
 * The events of a deployment's journal, by name. The same names are the emitter's events, the webhooks' types and the telemetry's. The state of a deployment is a fold over
 * them and nothing else.
 */
export interface DeploymentEventData {
  /** Recorded, with its pinned plan, in the same commit that claims the environment. */
  "deployment.created": {
    readonly deploymentId: string;
    readonly kind: DeploymentKind;
    readonly plan: Plan;
    readonly key: string | null;
    readonly actor: Actor;
    readonly reason: string | null;
  };
  /** A process has the lease and drives from here on: the first, or one that took over. `predecessorDead`: the one before is proven gone. */
  "deployment.started": { readonly holder: ProcessIdentity; readonly fence: number; readonly predecessorDead: boolean };
  /** The intent: from here on the step may take effect, until `deadline` (epoch milliseconds) and the settle time behind it. */
  "step.started": StepAttempt & { readonly fence: number; readonly deadline: number };
  /** `observed`: not reported by the call itself but found to be true afterwards. */
  "step.succeeded": StepAttempt & { readonly output: Json; readonly observed: boolean };
  /** It is known that it did not take effect for good, or not fully. With `again`, a new attempt follows. */
  "step.failed": StepAttempt & { readonly error: SerializedError; readonly again: boolean };
  /** The call ended without saying whether it took effect; not before `observeAt` (epoch milliseconds) the provider is asked. */
  "step.interrupted": StepAttempt & { readonly error: SerializedError; readonly observeAt: number };
  /** A person or a program wants it to stop. */
  "abort.requested": { readonly actor: Actor; readonly reason: string | null };
  /** From here on everything that was begun is taken back, the last first. */
  "rollback.started": { readonly cause: "step-failed" | "abort"; readonly step: string | null; readonly error: SerializedError | null };
  /** Cannot go on by itself. Says what is known to serve, what failed, and what a person can choose. */
  "attention.requested": {
    readonly reason: string;
    readonly errors: readonly { readonly step: string; readonly provider: string | null; readonly error: SerializedError }[];
    readonly serving: readonly ServingFact[];
    readonly options: readonly string[];
  };
  /** A person wants what failed to be tried again. */
  "retry.requested": { readonly actor: Actor; readonly reason: string | null };
  "deployment.succeeded": { readonly outcome: Outcome };
  /** Ended before anything was done. */
  "deployment.failed": { readonly step: string | null; readonly error: SerializedError };
  /** Aborted before anything was done. */
  "deployment.cancelled": { readonly reason: string | null };
  /** Everything that was begun has been taken back; the release before serves. */
  "deployment.rolled-back": {
    readonly cause: "step-failed" | "abort";
    readonly step: string | null;
    readonly error: SerializedError | null;
  };
  /** A person gave it up; the state of the world is what `serving` said last. */
  "deployment.abandoned": { readonly actor: Actor; readonly reason: string };
}

export type DeploymentEventType = keyof DeploymentEventData;

/** A release that an environment can serve, with what each target calls it. */
export interface DeployedRelease {
  readonly release: Release;
  readonly candidates: Readonly<Record<string, Candidate>>;
  readonly deploymentId: string;
  /** ISO 8601. */
  readonly at: string;
}

/** The events of an environment's journal. */
export interface EnvironmentEventData {
  /** What serves has changed, in the same commit that ended the deployment which changed it. */
  "environment.changed": { readonly serving: DeployedRelease; readonly cause: DeploymentKind };
  /** Something else deployed: what a target serves is not what the journal says. */
  "drift.detected": { readonly component: string; readonly expected: string | null; readonly found: string | null };
}

export type EnvironmentEventType = keyof EnvironmentEventData;

/** An event as it is read back, emitted and sent. */
export type FairleadEventOf<Data, Type extends keyof Data = keyof Data> = {
  [Name in Type]: {
    readonly type: Name;
    /** ISO 8601. */
    readonly at: string;
    readonly application: string;
    readonly environment: string;
    readonly deploymentId: string;
    /** Version in its journal. */
    readonly version: number;
    /** One line for people. */
    readonly summary: string;
    readonly data: Data[Name];
  };
}[Type];

export type DeploymentEvent<Type extends DeploymentEventType = DeploymentEventType> = FairleadEventOf<DeploymentEventData, Type>;

/** What is kept of a deployment's log: lines of steps and plugins. */
export interface LogEntry {
  readonly at: string;
  readonly level: "info" | "warn" | "error";
  readonly step: string | null;
  readonly message: string;
  readonly fields: JsonObject;
}
