import type { DeployedRelease, EnvironmentEventData } from "../contract/deployment-events.js";
import type { Store, StreamWrite } from "../contract/store.js";
import { emptyHead, sealEvents, streamNames, verifyEvents, type Head } from "../journal/index.js";
import type { JsonObject } from "../json/json.js";

/** What the journal says of an environment. */
export interface EnvironmentState {
  /** What serves, if the journal is right about it. */
  readonly serving: DeployedRelease | undefined;
  /** Every release that ever served, each once, the last one that did first. The one that serves is the first. */
  readonly releases: readonly DeployedRelease[];
  readonly head: Head;
}

/** Reads an environment's journal and proves its chain. */
export async function readEnvironment(store: Store, application: string, environment: string): Promise<EnvironmentState> {
  const stream = streamNames.environment(application, environment);
  const stored = await store.read(stream);
  const head = verifyEvents(stream, emptyHead, stored);
  let releases: readonly DeployedRelease[] = [];
  for (const { type, data } of stored) {
    if (type !== "environment.changed") continue;
    const { serving } = data as unknown as EnvironmentEventData["environment.changed"];
    releases = [serving, ...releases.filter(({ release }) => release.id !== serving.release.id)];
  }
  return { serving: releases[0], releases, head };
}

/** The write that changes what an environment serves. */
export function environmentWrite(
  stream: string,
  head: Head,
  event: { readonly at: string; readonly data: EnvironmentEventData["environment.changed"] },
): StreamWrite {
  const sealed = sealEvents(stream, head, [{ type: "environment.changed", at: event.at, data: event.data as unknown as JsonObject }]);
  return { name: stream, expectedVersion: head.version, events: sealed.events };
}
