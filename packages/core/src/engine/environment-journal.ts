import type { DeployedRelease, EnvironmentEventData } from "../contract/deployment-events.js";
import type { Store, StoredEvent, StreamWrite } from "../contract/store.js";
import { emptyHead, sealEvents, streamNames, verifyEvents, type Head } from "../journal/index.js";
import type { JsonObject } from "../json/json.js";

/** What the journal says of an environment. */
export interface EnvironmentState {
  /** What serves, if the journal is right about it. */
  readonly serving: DeployedRelease | undefined;
  /** Releases that served, each once, the last one that did first: the one that serves is the first. At most as many as are remembered. */
  readonly releases: readonly DeployedRelease[];
  readonly head: Head;
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
  const kept = items.find(({ name }) => name === stream)?.summary as unknown as
    { readonly releases: readonly DeployedRelease[]; readonly head: Head } | undefined;
  const releases = kept?.releases ?? [];
  return { serving: releases[0], releases, head: kept?.head ?? emptyHead };
}

/** The state as its events say it, with their chain proved. What `readEnvironment` answers must equal it. */
export function foldEnvironment(stream: string, stored: readonly StoredEvent[]): EnvironmentState {
  const head = verifyEvents(stream, emptyHead, stored);
  let releases: readonly DeployedRelease[] = [];
  for (const { type, data } of stored) {
    if (type === "environment.changed")
      releases = withRelease(releases, (data as unknown as EnvironmentEventData["environment.changed"]).serving);
  }
  return { serving: releases[0], releases, head };
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
  const summary = { releases: withRelease(before.releases, event.data.serving), head: sealed.head };
  return { name: stream, expectedVersion: before.head.version, events: sealed.events, summary: summary as unknown as JsonObject };
}

function withRelease(releases: readonly DeployedRelease[], serving: DeployedRelease): readonly DeployedRelease[] {
  return [serving, ...releases.filter(({ release }) => release.id !== serving.release.id)].slice(0, mostReleases);
}
