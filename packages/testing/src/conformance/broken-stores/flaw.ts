import type { Fence, Outbox, OutboxMessage, OutboxWrite, Leases, Store, StoreChange, StoreCommit, StreamSummary } from "@fairlead/core";
import type { StoreCase } from "../store-suite.js";

/** One way in which a store can be wrong, and the cases that must find it out. */
export interface Flaw {
  readonly breaks: (store: Store, shared: SharedData) => Store;
  readonly fails: readonly StoreCase[];
}

/** What stores on the same data have in common. */
export interface SharedData {
  /** How many have been opened, this one included. */
  readonly opened: number;
  /** Kept by a flaw for itself. */
  readonly notes: Map<string, string>;
}

export type Flaws = Readonly<Record<string, Flaw>>;

/** A store with other commits. */
export function withCommit(store: Store, change: (commit: StoreCommit) => StoreCommit | Promise<StoreCommit>): Store {
  return { ...store, commit: async (commit) => store.commit(await change(commit)) };
}

export function withLeases(store: Store, leases: Partial<Leases>): Store {
  return { ...store, leases: { ...store.leases, ...leases } };
}

export function withOutbox(store: Store, outbox: Partial<Outbox>): Store {
  return { ...store, outbox: { ...store.outbox, ...outbox } };
}

/** A store whose messages are changed on their way in and out. */
export function withMessages(
  store: Store,
  change: {
    readonly in?: (commit: StoreCommit) => StoreCommit | Promise<StoreCommit>;
    readonly out: (message: OutboxMessage) => OutboxMessage;
  },
): Store {
  return withOutbox(change.in === undefined ? store : withCommit(store, change.in), {
    lease: async (request) => (await store.outbox.lease(request)).map(change.out),
    list: async (query) => (await store.outbox.list(query)).map(change.out),
  });
}

/** A store whose watchers are told something else. */
export function withWatch(
  store: Store,
  change: (changes: AsyncIterable<StoreChange>, options: Parameters<Store["watch"]>[0]) => AsyncIterable<StoreChange>,
): Store {
  return { ...store, watch: (options) => change(store.watch(options), options) };
}

/** A store that judges fences in another way; `undefined` lets the commit pass. */
export function withFences(store: Store, change: (fence: Fence) => Promise<Fence | undefined>): Store {
  return withCommit(store, async ({ fence, ...commit }) => {
    const changed = fence === undefined ? undefined : await change(fence);
    return changed === undefined ? commit : { ...commit, fence: changed };
  });
}

/** Every stream, the newest name first. */
export async function listAll(store: Store, prefix = ""): Promise<StreamSummary[]> {
  const found: StreamSummary[] = [];
  let after: string | undefined;
  do {
    const page = await store.list({ prefix, limit: 1_000, ...(after === undefined ? {} : { after }) });
    found.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return found;
}

export async function versionOf(store: Store, name: string): Promise<number> {
  return (await store.read(name)).length;
}

export function changeMessages(commit: StoreCommit, change: (message: OutboxWrite, index: number) => OutboxWrite): StoreCommit {
  return commit.outbox === undefined ? commit : { ...commit, outbox: commit.outbox.map(change) };
}

export async function everyMessage(store: Store): Promise<readonly OutboxMessage[]> {
  return [
    ...(await store.outbox.list({ application: "shop", limit: 1_000 })),
    ...(await store.outbox.list({ application: "blog", limit: 1_000 })),
  ];
}
