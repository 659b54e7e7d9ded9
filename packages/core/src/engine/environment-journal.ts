import type { DeployedRelease, EnvironmentEventData, EnvironmentEventType } from "../contract/deployment-events.js";
import type { Store, StoredEvent, StreamWrite } from "../contract/store.js";
import { emptyHead, sealEvents, streamNames, verifyEvents, type Head } from "../journal/index.js";
import type { JsonObject } from "../json/json.js";

/** What the journal says of an environment. */
export interface EnvironmentState {
  /** What serves, if the journal is right about it. */
  readonly serving: DeployedRelease | undefined;
  /** Releases that served, each once, the last one that did first: the one that serves is the first. At most as many as are remembered. */
  readonly served: readonly ServedRelease[];
  /** Somebody has stopped the line. It may be over by now. */
  readonly freeze: EnvironmentEventData["freeze.started"] | null;
  /** Somebody has rolled back, and nobody has deployed explicitly since. */
  readonly pin: EnvironmentEventData["environment.pinned"] | null;
  /** How many deployments were removed, and when the newest of them began, ISO 8601. */
  readonly pruned: PrunedHistory | null;
  readonly head: Head;
}

export interface PrunedHistory {
  readonly deployments: number;
  readonly until: string;
}

/** An event before it has a time and a place. */
export type EnvironmentDraft = {
  readonly [Type in EnvironmentEventType]: { readonly type: Type; readonly data: EnvironmentEventData[Type] };
}[EnvironmentEventType];

/** Where to read of a release that served. */
interface ServedRelease {
  readonly release: string;
  /** Of the event in the environment's stream. */
  readonly version: number;
}

const nothing: EnvironmentState = { serving: undefined, served: [], freeze: null, pin: null, pruned: null, head: emptyHead };

/** Releases further back are in the journal, but no rollback goes there. */
const mostReleases = 50;

/**
 * Reads an environment. Its state is kept as the stream's summary, written in the same commit as its events, so this costs the same after ten deployments as after ten thousand.
 */
export async function readEnvironment(store: Store, application: string, environment: string): Promise<EnvironmentState> {
  const stream = streamNames.environment(application, environment);
  const { items } = await store.list({ prefix: stream, order: "oldest", limit: 1 });
  // Written by `environmentWrite`, and by nothing else.
  const kept = items.find(({ name }) => name === stream)?.summary as unknown as EnvironmentState | undefined;
  // An older one had fewer members.
  return { ...nothing, ...kept };
}

/** A release that served, and until when it did last: ISO 8601, `null` while it serves. */
export interface PastRelease {
  readonly deployed: DeployedRelease;
  readonly servedUntil: string | null;
}

/** All releases of a state, in its order, with when they served last. */
export async function readPastReleases(
  store: Store,
  application: string,
  environment: string,
  { served }: EnvironmentState,
): Promise<readonly PastRelease[]> {
  if (served.length === 0) return [];
  const oldest = Math.min(...served.map(({ version }) => version));
  const stored = await store.read(streamNames.environment(application, environment), { after: oldest - 1 });
  const changes = stored.filter(({ type }) => type === "environment.changed");
  return served.flatMap(({ version }) => {
    const index = changes.findIndex((change) => change.version === version);
    const change = changes[index];
    return change === undefined ? [] : [{ deployed: servingOf(change), servedUntil: changes[index + 1]?.at ?? null }];
  });
}

/** All releases of a state, in its order. */
export async function readReleases(
  store: Store,
  application: string,
  environment: string,
  state: EnvironmentState,
): Promise<readonly DeployedRelease[]> {
  return (await readPastReleases(store, application, environment, state)).map(({ deployed }) => deployed);
}

/** The state as its events say it, with their chain proved. What `readEnvironment` answers must equal it. */
export function foldEnvironment(stream: string, stored: readonly StoredEvent[]): EnvironmentState {
  const head = verifyEvents(stream, emptyHead, stored);
  // Written by `environmentWrite`, and by nothing else.
  const drafts = stored.map(({ type, data, version }) => ({ draft: { type, data } as unknown as EnvironmentDraft, version }));
  return { ...drafts.reduce((state, { draft, version }) => applied(state, draft, version), nothing), head };
}

/** The write that appends events to an environment's journal. */
export function environmentWrite(stream: string, before: EnvironmentState, drafts: readonly EnvironmentDraft[], at: string): StreamWrite {
  const events = drafts.map(({ type, data }) => ({ type, at, data: data as unknown as JsonObject }));
  const sealed = sealEvents(stream, before.head, events);
  const after = drafts.reduce((state, draft, index) => applied(state, draft, before.head.version + index + 1), before);
  const summary: EnvironmentState = { ...after, head: sealed.head };
  return { name: stream, expectedVersion: before.head.version, events: sealed.events, summary: summary as unknown as JsonObject };
}

function applied(state: EnvironmentState, draft: EnvironmentDraft, version: number): EnvironmentState {
  switch (draft.type) {
    case "environment.changed": {
      const { serving } = draft.data;
      return { ...state, serving, served: withRelease(state.served, serving, version) };
    }
    case "freeze.started":
      return { ...state, freeze: draft.data };
    case "freeze.ended":
      return { ...state, freeze: null };
    case "environment.pinned":
      return { ...state, pin: draft.data };
    case "history.pruned":
      return { ...state, pruned: prunedAfter(state.pruned, draft.data) };
    case "environment.unpinned":
      return { ...state, pin: null };
  }
}

function prunedAfter(before: PrunedHistory | null, { deployments, until }: PrunedHistory): PrunedHistory {
  if (before === null) return { deployments, until };
  return { deployments: before.deployments + deployments, until: until > before.until ? until : before.until };
}

function servingOf({ data }: StoredEvent): DeployedRelease {
  return (data as unknown as EnvironmentEventData["environment.changed"]).serving;
}

function withRelease(served: readonly ServedRelease[], { release }: DeployedRelease, version: number): readonly ServedRelease[] {
  return [{ release: release.id, version }, ...served.filter((other) => other.release !== release.id)].slice(0, mostReleases);
}
