import type { DeployedRelease, EnvironmentEventData } from "../contract/deployment-events.js";
import type { Store, StoredEvent, StreamWrite } from "../contract/store.js";
import { emptyHead, sealEvents, streamNames, verifyEvents, type Head } from "../journal/index.js";
import type { JsonObject } from "../json/json.js";

/** What the journal says of an environment. */
export interface EnvironmentState {
  /** What serves, if the journal is right about it. */
  readonly serving: DeployedRelease | undefined;
  /** Releases that served, each once, the last one that did first: the one that serves is the first. At most as many as are remembered. */
  readonly served: readonly ServedRelease[];
  readonly head: Head;
}

/** Where to read of a release that served. */
interface ServedRelease {
  readonly release: string;
  /** Of the event in the environment's stream. */
  readonly version: number;
}

/** Releases further back are in the journal, but no rollback goes there. */
const mostReleases = 50;

/**
 * Reads an environment. Its state is kept as the stream's summary, written in the same commit as its events, so this costs the same after ten deployments as after ten thousand.
 */
export async function readEnvironment(store: Store, application: string, environment: string): Promise<EnvironmentState> {
  const stream = streamNames.environment(application, environment);
  const { items } = await store.list({ prefix: stream, order: "oldest", limit: 1 });
  // Written by `environmentWrite`, and by nothing else.
  const kept = items.find(({ name }) => name === stream)?.summary as unknown as Required<EnvironmentState> | undefined;
  return kept ?? { serving: undefined, served: [], head: emptyHead };
}

/** All releases of a state, in its order. */
export async function readReleases(
  store: Store,
  application: string,
  environment: string,
  { served }: EnvironmentState,
): Promise<readonly DeployedRelease[]> {
  if (served.length === 0) return [];
  const oldest = Math.min(...served.map(({ version }) => version));
  const stored = await store.read(streamNames.environment(application, environment), { after: oldest - 1 });
  const byVersion = new Map(stored.map((event) => [event.version, servingOf(event)]));
  return served.map(({ version }) => byVersion.get(version)).filter((release) => release !== undefined);
}

/** The state as its events say it, with their chain proved. What `readEnvironment` answers must equal it. */
export function foldEnvironment(stream: string, stored: readonly StoredEvent[]): EnvironmentState {
  const head = verifyEvents(stream, emptyHead, stored);
  let served: readonly ServedRelease[] = [];
  let serving: DeployedRelease | undefined;
  for (const event of stored) {
    if (event.type !== "environment.changed") continue;
    serving = servingOf(event);
    served = withRelease(served, serving, event.version);
  }
  return { serving, served, head };
}

/** The write that changes what an environment serves. */
export function environmentWrite(
  stream: string,
  before: EnvironmentState,
  event: { readonly at: string; readonly data: EnvironmentEventData["environment.changed"] },
): StreamWrite {
  const sealed = sealEvents(stream, before.head, [
    { type: "environment.changed", at: event.at, data: event.data as unknown as JsonObject },
  ]);
  const { serving } = event.data;
  const summary: EnvironmentState = { serving, served: withRelease(before.served, serving, sealed.head.version), head: sealed.head };
  return { name: stream, expectedVersion: before.head.version, events: sealed.events, summary: summary as unknown as JsonObject };
}

function servingOf({ data }: StoredEvent): DeployedRelease {
  return (data as unknown as EnvironmentEventData["environment.changed"]).serving;
}

function withRelease(served: readonly ServedRelease[], { release }: DeployedRelease, version: number): readonly ServedRelease[] {
  return [{ release: release.id, version }, ...served.filter((other) => other.release !== release.id)].slice(0, mostReleases);
}
