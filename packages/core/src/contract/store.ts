import type { JsonObject } from "../json/json.js";
import type { Secret } from "../secret/secret.js";
import type { Notification } from "./notifier.js";

/** One event as it is handed to the store. Sealed by the journal: the store keeps `hash` and neither makes nor checks it. */
export interface NewEvent {
  readonly type: string;
  /** ISO 8601, by the writer's clock. */
  readonly at: string;
  readonly data: JsonObject;
  /** `sha256:<hex>` over the event and the hash before it. */
  readonly hash: string;
}

export interface StoredEvent extends NewEvent {
  readonly stream: string;
  /** 1, 2, 3, … within its stream, without gaps. */
  readonly version: number;
  /** Grows over the whole store in the order of commits; may have gaps. Never given twice, also when its event has been removed. */
  readonly position: number;
}

export interface StreamWrite {
  readonly name: string;
  /** The version the stream must have now; 0 means that it does not exist. */
  readonly expectedVersion: number;
  /** May be empty: then the commit only holds if the stream still has this version. */
  readonly events: readonly NewEvent[];
  /** Replaces the stream's summary, the small document that `list` finds it by. Left as it is when absent; ignored while the stream has no event. */
  readonly summary?: JsonObject;
}

export interface ClaimWrite {
  /** What is claimed, e.g. `shop/production`. */
  readonly key: string;
  readonly owner: string;
  /** `take` is refused while another owner has it; taking one's own again, and releasing what one does not have, changes nothing. */
  readonly action: "take" | "release";
}

/**
 * Proof that the writer still has its lease: the token is the last one given and the lease has not been ended. An expired lease that nobody took is still had. With `release`, the lease
 * ends with this commit.
 */
export interface Fence {
  readonly lease: string;
  readonly token: number;
  readonly release?: boolean;
}

export interface OutboxWrite {
  /** The notification's id; unique in the store. */
  readonly id: string;
  /** A second message with the same key is dropped silently. */
  readonly dedupeKey: string;
  readonly channel: string;
  /** Messages of one lane of an application's environment are delivered one after the other in the order of their commits. */
  readonly lane: string;
  readonly application: string;
  readonly environment: string;
  readonly notification: Notification;
}

/** Sets a timer, sets it anew, or with `null` removes it; removing one that is not set changes nothing. */
export interface TimerWrite {
  readonly name: string;
  /** Epoch milliseconds by the store's clock. */
  readonly at: number | null;
}

/** Removes a stream with all its events and its summary. Who writes it later begins it anew, at version 0. */
export interface StreamRemoval {
  readonly name: string;
  /** The version the stream must have now; 0 means that it does not exist, and then nothing is removed. */
  readonly expectedVersion: number;
}

/** All or nothing. Where several refusals apply, the first of `LEASE_LOST`, `CLAIM_HELD`, `STORE_CONFLICT` is the answer. */
export interface StoreCommit {
  readonly streams: readonly StreamWrite[];
  readonly fence?: Fence;
  readonly claim?: ClaimWrite;
  readonly outbox?: readonly OutboxWrite[];
  readonly timers?: readonly TimerWrite[];
  /** Of other streams than those that are written. Who watches is not told. */
  readonly removals?: readonly StreamRemoval[];
}

export interface StreamSummary {
  readonly name: string;
  readonly version: number;
  /** `{}` where none was ever written. */
  readonly summary: JsonObject;
}

export interface ListQuery {
  /** Streams whose name begins so, e.g. `deployment/shop/`. */
  readonly prefix: string;
  /** Members that the summary must have with exactly these values. */
  readonly where?: Readonly<Record<string, string | number | boolean>>;
  /** By name. Names end in ids that are ordered by time. Default `newest`. */
  readonly order?: "newest" | "oldest";
  /** Default 50, at most 1000. */
  readonly limit?: number;
  /** `next` of the page before. */
  readonly after?: string;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Present when there is more. */
  readonly next?: string;
}

export interface Lease {
  readonly name: string;
  /** Grows with every holder; the store refuses writes with an older one. */
  readonly token: number;
  readonly holder: JsonObject;
  /** Epoch milliseconds by the store's clock. */
  readonly expiresAt: number;
}

export interface LeaseRequest {
  readonly name: string;
  /** Who asks; shown to whoever is refused. */
  readonly holder: JsonObject;
  /** In milliseconds. */
  readonly ttl: number;
  /** Token of a lease whose holder is proven dead: it is taken over before it expires. */
  readonly takeOver?: number;
}

export type LeaseAnswer = { readonly granted: true; readonly lease: Lease } | { readonly granted: false; readonly held: Lease };

/** Time-limited rights of one process, on the store's clock. */
export interface Leases {
  /** Granted when nobody has it, or it expired, or `takeOver` names its token. Never waits. */
  acquire(request: LeaseRequest): Promise<LeaseAnswer>;
  /** Prolongs; rejects with `LEASE_LOST` when another holder has come. A lease that expired unnoticed is prolonged if nobody took it. */
  renew(lease: Lease, ttl: number): Promise<Lease>;
  /** Ends it; ending what is not one's own changes nothing. */
  release(lease: Lease): Promise<void>;
  /** The lease as it is, also when it has expired and nobody took it. */
  read(name: string): Promise<Lease | undefined>;
}

export type OutboxState = "pending" | "delivered" | "dead";

export interface OutboxMessage extends OutboxWrite {
  readonly state: OutboxState;
  /** Attempts that have been settled since it was queued or revived. */
  readonly attempts: number;
  /** Epoch milliseconds by the store's clock: not before then. */
  readonly nextAt: number;
  /** Of the last attempt; redacted. */
  readonly error?: JsonObject;
  /** The provider's id of it. */
  readonly reference?: string;
  readonly createdAt: number;
  /** Who delivers it, and until when it is left to them: epoch milliseconds by the store's clock. May be over. */
  readonly lease?: { readonly holder: string; readonly until: number };
}

export interface OutboxLeaseRequest {
  readonly application: string;
  readonly environment: string;
  /** Only these channels. */
  readonly channels: readonly string[];
  readonly holder: string;
  /** In milliseconds: when the holder has not settled it by then, it is due again. */
  readonly ttl: number;
  /** Holders that are proven dead: what they have is due before its time is over. */
  readonly takeOver?: readonly string[];
  readonly limit: number;
}

export type OutboxResult =
  | { readonly state: "delivered"; readonly reference?: string }
  | { readonly state: "pending"; readonly delay: number; readonly error: JsonObject }
  | { readonly state: "dead"; readonly error: JsonObject };

/** Messages on their way out. Written by commits only. */
export interface Outbox {
  /** Due messages, at most one per lane: its oldest pending one, if due and leased by nobody. */
  lease(request: OutboxLeaseRequest): Promise<readonly OutboxMessage[]>;
  /** Says what came of a leased message. Ignored when it has passed to another holder or is settled; a lease that ran out unnoticed still counts. */
  settle(id: string, holder: string, result: OutboxResult): Promise<void>;
  /** The newest first. `limit` is 50 by default and at most 1000. */
  list(query: {
    readonly application: string;
    readonly environment?: string;
    readonly state?: OutboxState;
    readonly limit?: number;
  }): Promise<readonly OutboxMessage[]>;
  /** Makes dead messages pending again, due at once and without attempts; answers how many. */
  revive(ids: readonly string[]): Promise<number>;
}

/** Numbers per minute (daily after seven days), for history that is not a journal. */
export interface RollUps {
  add(points: readonly { readonly series: string; readonly at: number; readonly value: number }[]): Promise<void>;
  read(query: {
    readonly series: string;
    readonly from: number;
    readonly to: number;
  }): Promise<
    readonly { readonly at: number; readonly count: number; readonly sum: number; readonly minimum: number; readonly maximum: number }[]
  >;
}

/** Persisted deadlines. Written by commits only. */
export interface Timers {
  /** Timers whose name begins so and whose time has come by the store's clock, the earliest first. A timer stays due until it is set anew or removed. `limit` is at most 1000. */
  due(query: { readonly prefix: string; readonly limit: number }): Promise<readonly { readonly name: string; readonly at: number }[]>;
}

export interface StoreChange {
  readonly position: number;
  readonly stream: string;
  readonly version: number;
}

/**
 * Where everything is remembered. Refusals are errors with a code: `STORE_CONFLICT` (a stream that is written or removed has another version), `CLAIM_HELD`, `LEASE_LOST` (the fence is old);
 * `STORE_UNAVAILABLE` is retryable and says that nothing is known about the commit.
 */
export interface Store {
  /** How `doctor` words it, e.g. `SQLite file /srv/shop/.fairlead/journal.db`. */
  readonly description: string;
  /** Whether processes on several machines may use it together. */
  readonly shared: boolean;
  /** Whether its owner stated that only one machine ever deploys; then a store that is not shared is accepted everywhere. */
  readonly singleMachine?: boolean;
  /**
   * Hands over how the secrets that its options name are resolved: rejects with `SECRETS_MISSING` for one that has no value. A deployer does it once, when it is made; whoever came first counts.
   * A store whose options name none has no such method.
   */
  useSecrets?(resolve: (name: string) => Promise<Secret>): void;
  /** Rejects if nothing could be written now; writes nothing itself. For `doctor`: reading needs less. Default: what can be read can be written. */
  requireWritable?(): Promise<void>;
  /** All or nothing, durable when it resolves. Answers the new version of each stream, in order, and the position of the last event, also where that is of an earlier commit. */
  commit(commit: StoreCommit): Promise<{ readonly versions: readonly number[]; readonly position: number }>;
  /** Events of a stream in order, from the one behind version `after` (default 0). No stream, no events. */
  read(stream: string, options?: { readonly after?: number; readonly limit?: number }): Promise<readonly StoredEvent[]>;
  list(query: ListQuery): Promise<Page<StreamSummary>>;
  readonly leases: Leases;
  /** Who has a claim. */
  claimOf(key: string): Promise<string | undefined>;
  /**
   * Changes of streams with this prefix, behind position `after`, until the signal aborts, which ends it quietly. Several events of a commit may come as one change. Without `after` it
   * begins with this call; a commit that another process makes at that very moment may be missed. Rejects with `STORE_CLOSED` when the store is closed.
   */
  watch(options: { readonly prefix: string; readonly after?: number; readonly signal: AbortSignal }): AsyncIterable<StoreChange>;
  readonly outbox: Outbox;
  readonly timers: Timers;
  readonly rollUps?: RollUps;
  /** Epoch milliseconds of the clock that leases run on. */
  now(): Promise<number>;
  /** Idempotent. */
  close(): Promise<void>;
}
