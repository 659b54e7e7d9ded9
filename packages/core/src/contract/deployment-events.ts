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
  /** What the deployer was called with `name`; by default its host. */
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
  /** Its id in the plan, e.g. `web.promote`. */
  readonly step: string;
  /** Whether it is done or taken back. */
  readonly direction: Direction;
  /** 1, 2, … per step and direction. */
  readonly attempt: number;
}

/** Why what was begun is taken back: a step failed, it was asked to stop, or a person asked for it where the plan would not. */
export type RollbackCause = "step-failed" | "abort" | "asked";

/** What came of a deployment that succeeded. */
export type Outcome = "promoted" | "unchanged" | "rolled-back" | "adopted";

/** What a step waits for: `time` has to pass, `approval` by people, the end of a `freeze`, a `requirement` to be met, or `inconclusive`: what was asked cannot be told, and a person may. */
export type WaitingFor = "time" | "approval" | "freeze" | "requirement" | "inconclusive";

/** What is known to serve when a person has to decide. */
export interface ServingFact {
  readonly component: string;
  /** Whether the target could be asked. If not, `note` says why. */
  readonly known: boolean;
  /** What the target calls it; `null`: nothing serves, or it is not known. */
  readonly candidate: string | null;
  /** Id of the release, where it is known. */
  readonly release: string | null;
  /** Why something is not known, or not settled yet. */
  readonly note: string | null;
}

/**
 * The events of a deployment's journal, by name. The same names are the emitter's events, the webhooks' types and the telemetry's. The state of a deployment is a fold over
 * them and nothing else.
 */
export interface DeploymentEventData {
  /** Recorded, with its pinned plan; where nothing is in its way, in the same commit that claims the environment. */
  "deployment.created": {
    readonly deploymentId: string;
    readonly kind: DeploymentKind;
    readonly plan: Plan;
    /** What the caller called it, so that asking again finds it. */
    readonly key: string | null;
    readonly actor: Actor;
    readonly reason: string | null;
  };
  /** A process has the lease and drives from here on: the first, or one that took over. */
  "deployment.started": {
    readonly holder: ProcessIdentity;
    /** Token of the lease; the store refuses writes with an older one. */
    readonly fence: number;
    /** The process before is proven gone, so that its calls have ended. */
    readonly predecessorDead: boolean;
  };
  /** The intent, appended before the provider is called: from here on the step may take effect. */
  "step.started": StepAttempt & {
    readonly fence: number;
    /** Epoch milliseconds: the call ends by then, and takes no effect later than the plan's settle time behind it. */
    readonly deadline: number;
  };
  /** It is known to have taken effect. */
  "step.succeeded": StepAttempt & {
    /** What later steps may refer to. */
    readonly output: Json;
    /** Not reported by the call itself but found to be true afterwards. */
    readonly observed: boolean;
  };
  /** It is known that it did not take effect for good, or not fully. */
  "step.failed": StepAttempt & {
    readonly error: SerializedError;
    /** A new attempt follows. */
    readonly again: boolean;
  };
  /** The call ended without saying whether it took effect: the provider is asked. */
  "step.interrupted": StepAttempt & {
    readonly error: SerializedError;
    /** Epoch milliseconds: the provider is not asked before, because the effect may still land. */
    readonly observeAt: number;
    /** Its process left it, so that nothing is known against it: if it took no effect it is tried again. */
    readonly again: boolean;
  };
  /** It cannot be said yet: it is tried again when `until` has come, when a person says something about it, or never by itself. Nothing runs meanwhile. Steps without an effect alone. */
  "step.deferred": StepAttempt & {
    readonly waitingFor: WaitingFor;
    /** In words. */
    readonly reason: string;
    /** Epoch milliseconds; `null`: until an event. */
    readonly until: number | null;
    /** Handed to the next attempt. */
    readonly memo: Json;
  };
  /** The environment is its own from here on, until it ends. In the same commit. */
  "deployment.claimed": Record<string, never>;
  /** Nobody drives it until then: all it does is wait. In the same commit the lease ends. */
  "deployment.parked": {
    /** Epoch milliseconds; `null`: until an event. */
    readonly until: number | null;
  };
  /** Made anew from what is true now, just before the claim. With another digest approvals are void. */
  "plan.renewed": { readonly plan: Plan };
  /** People have to agree before it begins. */
  "approval.requested": {
    readonly required: number;
    /** Epoch milliseconds: without their word it expires then. */
    readonly expiresAt: number;
  };
  /** A person agrees: to the plan of this digest, or where `step` names one to going on behind it; then the digest is over what they agree to as well. */
  "approval.granted": { readonly actor: Actor; readonly reason: string | null; readonly step: string | null; readonly digest: string };
  /** A person refuses. One is enough. */
  "approval.rejected": { readonly actor: Actor; readonly reason: string | null; readonly step: string | null; readonly digest: string };
  /** It may not begin now. */
  "deployment.held": {
    readonly reason: string;
    /** Epoch milliseconds; `null`: until it is lifted. */
    readonly until: number | null;
  };
  /** What held it is over, or a person overrode it. */
  "deployment.released": { readonly actor: Actor | null; readonly reason: string | null };
  /** A person wants no further step to begin. What runs goes on. */
  "deployment.paused": { readonly actor: Actor; readonly reason: string | null };
  /** The pause is over. */
  "deployment.resumed": { readonly actor: Actor; readonly reason: string | null };
  /** A person wants to leave the gates that it is in. */
  "advance.requested": { readonly actor: Actor; readonly reason: string | null };
  /** A person wants to leave every gate behind the verification, now and later. */
  "advance-all.requested": { readonly actor: Actor; readonly reason: string | null };
  /** After `attention.requested`: a person wants taken back what can be, although the plan does not say that it may. */
  "rollback.requested": { readonly actor: Actor; readonly reason: string | null };
  /** A person or a program wants it to stop. What was begun is taken back next; where nothing was begun, it is cancelled. */
  "abort.requested": { readonly actor: Actor; readonly reason: string | null };
  /** From here on everything that was begun is taken back, the last first. */
  "rollback.started": {
    readonly cause: RollbackCause;
    /** The step that failed, if one did. */
    readonly step: string | null;
    readonly error: SerializedError | null;
  };
  /** It cannot go on by itself and waits for a person. The environment stays claimed. */
  "attention.requested": {
    readonly reason: string;
    /** What failed, and at which provider. */
    readonly errors: readonly { readonly step: string; readonly provider: string | null; readonly error: SerializedError }[];
    /** Asked of the targets just before. */
    readonly serving: readonly ServingFact[];
    /** What a person can choose: names of commands. */
    readonly options: readonly string[];
  };
  /** A person wants what failed to be tried again. */
  "retry.requested": { readonly actor: Actor; readonly reason: string | null };
  /** Everything that was planned is done, or there was nothing to do. In the same commit the claim ends, and what serves is recorded. */
  "deployment.succeeded": {
    /** `unchanged`: what was asked for served already, and no channel is told. */
    readonly outcome: Outcome;
  };
  /** It failed before anything was done. */
  "deployment.failed": { readonly step: string | null; readonly error: SerializedError };
  /** It was asked to stop before anything was done. */
  "deployment.cancelled": { readonly reason: string | null };
  /** Everything that was begun has been taken back; what served before serves, if anything did. */
  "deployment.rolled-back": {
    readonly cause: RollbackCause;
    /** The step that failed, if one did. */
    readonly step: string | null;
    readonly error: SerializedError | null;
  };
  /** Before it began, a newer one took its place in the queue. */
  "deployment.superseded": { readonly by: string };
  /** Before it began, a person refused it, or the configuration did because of what another application serves. */
  "deployment.rejected": { readonly actor: Actor; readonly reason: string | null };
  /** Before it began, nobody had agreed in time, or what it requires was not there in time. */
  "deployment.expired": { readonly reason: string };
  /** A person gave it up while it needed attention. What serves was left as `attention.requested` said. */
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
  /** From here on nothing may begin, rollbacks excepted. */
  "freeze.started": {
    readonly actor: Actor;
    readonly reason: string;
    /** Epoch milliseconds; `null`: until it is ended. */
    readonly until: number | null;
  };
  /** Somebody has rolled back: no deployment that began by itself replaces it, until somebody deploys explicitly. In the same commit as the change. */
  "environment.pinned": {
    readonly actor: Actor;
    readonly reason: string | null;
    /** Id of the release that was put back. */
    readonly release: string;
    /** Id of the rollback. */
    readonly deploymentId: string;
  };
  /** The pin is over: somebody has deployed explicitly, or said so. */
  "environment.unpinned": { readonly actor: Actor; readonly reason: string | null };
  /** Journals of deployments that nothing needs any more were removed, in this commit. */
  "history.pruned": {
    readonly actor: Actor;
    readonly reason: string | null;
    /** How many. */
    readonly deployments: number;
    /** When the newest of them began, ISO 8601: from there back the history has gaps, or none at all. */
    readonly until: string;
  };
  /** Deployments may begin again. */
  "freeze.ended": { readonly actor: Actor; readonly reason: string | null };
}

export type EnvironmentEventType = keyof EnvironmentEventData;

/** An event as it is read back, emitted and sent. */
export type FairleadEventOf<Data, Type extends keyof Data = keyof Data> = {
  [Name in Type]: {
    /** What happened: one of the names below. */
    readonly type: Name;
    /** When it was appended, ISO 8601. */
    readonly at: string;
    readonly application: string;
    readonly environment: string;
    readonly deploymentId: string;
    /** Its place in its journal: 1, 2, 3, … without gaps. */
    readonly version: number;
    /** One line for people. */
    readonly summary: string;
    /** What goes with the name. */
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
