import type { Duration } from "../time/duration.js";
import type { Actor, DeploymentEvent, DeploymentEventData, LogEntry } from "../contract/deployment-events.js";
import type { Plan } from "../contract/plan.js";
import type { SecretSource } from "../contract/secret-source.js";
import type { Page, Store } from "../contract/store.js";
import type { SchemaCompatibility } from "../contract/migrator.js";
import type { CheckStatus } from "../contract/check.js";
import type { ConfigurationProblem } from "../config/problem.js";
import type { Sources } from "../config/source.js";
import type { SerializedError } from "../errors/fairlead-error.js";
import type { EnvironmentStatistics, Explanation, PlanOutlook, ReleaseChanges } from "../history/index.js";
import type { JournalReport } from "../journal/index.js";

import type { RunsCommands } from "./command-types.js";
import type { Deployment } from "./deployment-types.js";
import type { DeploymentRequest, RecordedRequest, RequestState } from "./request-types.js";
import type { DeploymentSummary, EnvironmentStatus, StatusPages } from "./status-types.js";

export type * from "./command-types.js";
export type * from "./deployment-types.js";
export type * from "./request-types.js";
export type * from "./status-types.js";

interface Leavable {
  /** Aborts what comes before the deployment is recorded: then nothing is, and its reason is thrown. After that it does nothing: use `abort`. */
  readonly signal?: AbortSignal;
}

/** Which environment, and what to deploy there. */
export interface DeployInput<Environment extends string = string, Component extends string = string> extends Leavable {
  readonly environment: Environment;
  /** Sources by component, where they are not those of the configuration; a single source is of the only component. */
  readonly source?: Sources<Component>;
  /** Of the caller: the same key gives the same deployment, however often it is asked for. */
  readonly key?: string;
  readonly actor?: Actor;
  readonly reason?: string;
  /** Accepts that the release before cannot simply be put back after these migrations. */
  readonly accept?: Exclude<SchemaCompatibility, "code-only">;
  /** Deploys also what serves already, e.g. for a secret that has changed and whose source has no versions. Default false: that ends `unchanged`. */
  readonly force?: boolean;
  /** Nobody asked for it explicitly: after a rollback it is refused (`ENVIRONMENT_PINNED`). Default: whether the actor came by `schedule` or `automatic`. */
  readonly automatic?: boolean;
  /** Deploys although a rollback has pinned the environment. Default false; what a person asks for needs it not. */
  readonly unpin?: boolean;
}

export interface RollbackInput<Environment extends string = string> extends Leavable {
  readonly environment: Environment;
  /** Id of a retained release. Default: the newest one whose probe passes. */
  readonly to?: string;
  /** Id of the release that has to serve still; where another one does, it is refused with `ROLLBACK_SERVING_CHANGED`. Default: whatever serves. */
  readonly from?: string;
  readonly actor?: Actor;
  readonly reason?: string;
}

export interface CommandInput {
  readonly deploymentId: string;
  readonly actor?: Actor;
  readonly reason?: string;
  /** Only says it, for whoever drives: asks for no secret and drives nothing here, as processes do that only watch. Default false. */
  readonly recordOnly?: boolean;
}

/** The word of a person to what they were shown. */
export interface WordInput extends CommandInput {
  /** The digest of what was shown: of the plan, or as `status` says it of a step that waits for people. Its first eight digits are enough. Absent: whatever is asked when the word is recorded. */
  readonly digest?: string;
}

export interface FreezeInput<Environment extends string = string> {
  readonly environment: Environment;
  readonly reason: string;
  /** ISO 8601; absent: until `unfreeze`. */
  readonly until?: string;
  readonly actor?: Actor;
}

/** What is removed from the journal. */
export interface PruneInput<Environment extends string = string> {
  /** Default: all, also those that are no longer configured. */
  readonly environment?: Environment;
  /** How long ago a deployment has to have ended. Default: what the environment's `prune` says. */
  readonly olderThan?: Duration;
  /** How many of the newest deployments of an environment stay, however old. Default: what its `prune` says, else 50. */
  readonly keep?: number;
  /** Is handed what will be removed of an environment, as lines of an export that `verifyExport` verifies by themselves. Nothing of it is removed before this resolves, and nothing that is not in it. */
  readonly archive?: (lines: AsyncIterable<string>, about: PrunedEnvironment) => Promise<void>;
  /** Only says what would be removed. Default false. */
  readonly dryRun?: boolean;
  readonly actor?: Actor;
  readonly reason?: string;
}

/** What was removed of an environment's history. */
export interface PrunedEnvironment {
  readonly environment: string;
  readonly deployments: number;
  /** When the oldest and the newest of them began, ISO 8601; `null` where there was none. */
  readonly from: string | null;
  readonly until: string | null;
}

export interface PruneReport {
  readonly environments: readonly PrunedEnvironment[];
}

/** Of a deployment: what it brings against what it found. Of an environment: what a release that served before would bring against what serves now. */
export type ChangesInput<Environment extends string = string> =
  | { readonly deploymentId: string }
  | {
      readonly environment: Environment;
      /** Id of a release that served there. */
      readonly to: string;
    };

export interface StatusQuery {
  /** Whether targets are asked what serves. `false`: what the journal says alone, without a secret and without asking a provider, as processes do that only watch. Default true. */
  readonly live?: boolean;
}

/** A deployment that was left behind, and why it could not be driven on here. */
export interface RecoveryRefusal {
  readonly deploymentId: string;
  readonly environment: string;
  readonly error: SerializedError;
}

/** What became of the deployments that were left behind. */
export interface Recovery {
  readonly deployments: readonly Deployment[];
  readonly refusals: readonly RecoveryRefusal[];
}

/** What the deployments of a period come to. */
export interface HistoryStatistics {
  /** ISO 8601; deployments that were asked for from then on. */
  readonly since: string;
  readonly until: string;
  readonly environments: readonly EnvironmentStatistics[];
  /** Environments of whose period deployments were removed, so that the numbers are not of all of it: how many were removed altogether, and when the newest of them began, ISO 8601. */
  readonly pruned: readonly { readonly environment: string; readonly deployments: number; readonly until: string }[];
}

export interface CheckReport {
  readonly name: string;
  /** Plugin or `application`. */
  readonly provider: string;
  readonly critical: boolean;
  readonly status: CheckStatus;
  readonly reason: string | null;
  readonly message: string | null;
  readonly hint: string | null;
  /** In milliseconds. */
  readonly latency: number;
}

export interface DoctorReport {
  readonly environment: string;
  readonly healthy: boolean;
  readonly store: { readonly description: string; readonly reachable: boolean; readonly message: string | null };
  readonly problems: readonly ConfigurationProblem[];
  readonly checks: readonly CheckReport[];
}

/** Names of the events that listeners can ask for. */
export type ListenerEvent<Type extends keyof DeploymentEventData> = DeploymentEvent<Type>;

/**
 * Deploys one application. Does no I/O until a method is called. Methods throw `FairleadError` for mistakes (an unknown environment, a configuration with problems, a busy environment); what becomes
 * of a deployment is a value.
 */
export interface Deployer<Environment extends string = string, Component extends string = string>
  extends StatusPages<Environment>, RunsCommands<Environment> {
  readonly application: string;
  readonly environments: readonly Environment[];
  /** What it remembers in. */
  readonly store: Pick<Store, "description" | "shared" | "singleMachine">;
  /** Where secrets come from when the configuration names no source. The first call counts. */
  useSecrets(source: SecretSource): void;
  /** Every problem of the configuration; of one environment, its missing secrets too. Reads nothing but the secret source. */
  validate(environment?: Environment): Promise<readonly ConfigurationProblem[]>;
  /** What `deploy` would do; a plan without groups where the environment serves it already. Reads; writes nothing anywhere. */
  plan(input: DeployInput<Environment, Component>): Promise<Plan>;
  /**
   * What is to be expected of a plan, also of one that waits: how each step is taken back and how long it took before, until which step the whole can be taken back by itself, who has to agree, and what may
   * keep it from beginning. Reads the store, asks no provider, writes nothing anywhere.
   */
  outlook(plan: Plan): Promise<PlanOutlook>;
  /** Records a deployment, claims the environment and begins to drive it in this process. */
  deploy(input: DeployInput<Environment, Component>): Promise<Deployment>;
  /**
   * Records that something is wanted, for a worker to carry out (`work`): asks for no secret and no provider, and drives nothing here. Its id is that of the deployment that it becomes. Throws
   * `REQUEST_NEEDS_IMAGE` and `REQUEST_KEY_REUSED`.
   */
  request(input: DeploymentRequest<Environment, Component>): Promise<RecordedRequest>;
  /** What has become of a request; `undefined` where there is none of this id. */
  requested(id: string): Promise<RequestState | undefined>;
  /** Requests that no worker has carried out or refused yet, the oldest first. */
  pendingRequests(query?: { readonly environment?: Environment }): Promise<readonly RequestState[]>;
  /** A new deployment that puts a retained release back. */
  rollback(input: RollbackInput<Environment>): Promise<Deployment>;
  /** Records what serves now as the first release. */
  adopt(input: { readonly environment: Environment; readonly actor?: Actor; readonly reason?: string } & Leavable): Promise<Deployment>;
  /**
   * Drives on what a process that is gone left behind, in one environment or in all. Waits for leases that have not ended. What cannot be driven on, because another process drives it or this
   * one lacks its environment, a secret or a plugin, is left as it is and among the refusals. Messages that it left are delivered by `close`.
   */
  recover(input?: { readonly environment?: Environment; readonly signal?: AbortSignal }): Promise<Recovery>;
  /** Asks a deployment to stop: what was begun is taken back. Needs no provider's secrets: it is done by whoever drives it; by this process if nobody does and it can. */
  abort(input: CommandInput): Promise<Deployment>;
  /** No further step begins until it is resumed; what runs goes on. Time that waits are about does not pass meanwhile. */
  pause(input: CommandInput): Promise<Deployment>;
  resume(input: CommandInput): Promise<Deployment>;
  /** Leaves the gates that it is in as if they had been passed. Preflight and verification are not left. */
  advance(input: CommandInput): Promise<Deployment>;
  /** Leaves every gate behind the verification, now and later. */
  advanceAll(input: CommandInput): Promise<Deployment>;
  /** Agrees: to the plan as it is, or to the step that waits for people. Each person counts once. Throws `APPROVAL_STALE`, and records nothing, where the digest is that of something else. */
  approve(input: WordInput): Promise<Deployment>;
  /** Refuses. What has not begun ends `rejected`; what has is taken back. Throws `APPROVAL_STALE` as `approve` does. */
  reject(input: WordInput): Promise<Deployment>;
  /** Lets a deployment begin although it is held: by a freeze, by a rollback since, or by what another application has to serve. It alone: for others all of that stays. */
  release(input: CommandInput & { readonly reason: string }): Promise<Deployment>;
  /** Stops the line: nothing but a rollback begins in the environment until then, or until `unfreeze`. What is under way goes on. */
  freeze(input: FreezeInput<Environment>): Promise<void>;
  /** Ends the pin that a rollback left, without a deployment. What it held may begin. */
  unpin(input: { readonly environment: Environment; readonly actor?: Actor; readonly reason?: string }): Promise<void>;
  unfreeze(input: { readonly environment: Environment; readonly actor?: Actor; readonly reason?: string }): Promise<void>;
  /** After `needs_attention`: takes back, in this process, what can be, although the plan does not say that it may. */
  takeBack(input: CommandInput & { readonly reason: string }): Promise<Deployment>;
  /** After `needs_attention`: tries what failed again, in this process. */
  retry(input: CommandInput): Promise<Deployment>;
  /** After `needs_attention`: gives it up and frees the environment. What serves is left as it is. */
  abandon(input: CommandInput & { readonly reason: string }): Promise<Deployment>;
  deployment(id: string): Promise<Deployment>;
  /** What a target serves is read where this process has its secrets; else `serving.note` says which are missing. */
  status(environment: Environment, query?: StatusQuery): Promise<EnvironmentStatus>;
  history(query?: {
    readonly environment?: Environment;
    readonly limit?: number;
    readonly after?: string;
  }): Promise<Page<DeploymentSummary>>;
  /** What the deployments of the last 30 days, or of another period, come to. Made from the lines of the history alone, so that it costs as much as reading those. */
  statistics(query?: { readonly environment?: Environment; readonly since?: Duration }): Promise<HistoryStatistics>;
  /** What happened in a deployment and why, in plain words and as data. A view of the journal: asks no provider. Throws `DEPLOYMENT_UNKNOWN`. */
  explain(deploymentId: string): Promise<Explanation>;
  /**
   * What is different in a release from the one before: commits, components, migrations, names of variables. A view of the journals: asks no provider and tells no value. Throws `DEPLOYMENT_UNKNOWN`, and
   * `RELEASE_UNKNOWN` of a release that is not among the last 50 that served.
   */
  changes(input: ChangesInput<Environment>): Promise<ReleaseChanges>;
  logs(deploymentId: string): Promise<readonly LogEntry[]>;
  /** Takes out of a text the secrets that this deployer has resolved so far: those that its journals never show. For what an application tells by itself, such as the health of `createHealth`. */
  redact(text: string): string;
  /**
   * The journal of an environment, or of all, as JSON lines that `verifyExport` verifies by themselves: everything that was recorded and logged, redacted as it is in the store. Reads only. The iteration
   * rejects with `STORE_CORRUPT` at what was changed.
   */
  exportJournal(query?: { readonly environment?: Environment }): Promise<AsyncIterable<string>>;
  /** Verifies the journal of an environment, or of all, as it is in the store. Reads only, and all of it. */
  verifyJournal(query?: { readonly environment?: Environment }): Promise<JournalReport>;
  /**
   * Removes the journals and logs of deployments that have ended and that nothing needs any more, and records in the environment's journal who removed how many. Never removed is what has not ended, what says how
   * that which serves came to serve, what a rollback may put back, and why the environment is pinned. What was removed is unknown from then on (`DEPLOYMENT_UNKNOWN`); its key stays taken. Idempotent, also with
   * several at once. Throws `PRUNE_LIMIT_MISSING` where neither the input nor the configuration says how old they have to be.
   */
  prune(input?: PruneInput<Environment>): Promise<PruneReport>;
  /**
   * Queues the messages of an environment that could not be delivered once more, as if they were new, and answers how many. Needs no secrets: they are delivered by a worker, or by `close` where this process
   * has what the channels need.
   */
  redeliver(input: { readonly environment: Environment }): Promise<number>;
  /** Messages that are still to be delivered, and those that could not be: of an environment or of all, the newest first, at most 1,000 of each. */
  messages(query?: { readonly environment?: Environment }): Promise<Pick<EnvironmentStatus, "waiting" | "deadLetters">>;
  /** Configuration, secrets, store and every provider of an environment; changes nothing. */
  doctor(environment: Environment): Promise<DoctorReport>;
  /** The application's own checks, once. */
  health(environment: Environment): Promise<readonly CheckReport[]>;
  /** Calls the listener for events that this process appends or reads; returns the function that removes it. */
  on<Type extends keyof DeploymentEventData>(type: Type, listener: (event: DeploymentEvent<Type>) => unknown): () => void;
  onAny(listener: (event: DeploymentEvent) => unknown): () => void;
  /** Lines that steps and plugins log while this process drives. */
  onLog(listener: (entry: LogEntry & { readonly deploymentId: string }) => unknown): () => void;
  /**
   * A worker: takes over what was left behind and delivers messages until the signal aborts, or with `untilIdle` until there is nothing to do. A deployment or an environment that it cannot
   * do anything for is logged once and keeps it from no other; throws if that is so of every environment.
   */
  work(options?: { readonly signal?: AbortSignal; readonly untilIdle?: boolean }): Promise<void>;
  /**
   * Stops driving (what is under way is taken over by another process, or by `recover`), closes store and plugins. Where it did something, and did not only plan or read,
   * it delivers messages before, for at most `within` (default `5s`). Idempotent.
   */
  close(options?: { readonly within?: Duration }): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
