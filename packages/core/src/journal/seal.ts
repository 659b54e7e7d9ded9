import type { NewEvent, StoredEvent } from "../contract/store.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import { canonicalJson, sha256 } from "../json/canonical-json.js";
import type { JsonObject } from "../json/json.js";

/** Where a stream stands: its version and the hash of its last event. */
export interface Head {
  readonly version: number;
  readonly hash: string;
}

/** A stream without events. */
export const emptyHead: Head = Object.freeze({ version: 0, hash: "sha256:0" });

export interface UnsealedEvent {
  readonly type: string;
  readonly at: string;
  readonly data: JsonObject;
}

/** Chains events to what is before them: each hash covers its event, its place and the hash before, so that none can be changed, moved or left out unnoticed. */
export function sealEvents(
  stream: string,
  head: Head,
  events: readonly UnsealedEvent[],
): { readonly events: readonly NewEvent[]; readonly head: Head } {
  let { version, hash } = head;
  const sealed = events.map((event) => {
    version += 1;
    hash = hashOf(stream, version, hash, event);
    return { type: event.type, at: event.at, data: event.data, hash };
  });
  return { events: sealed, head: { version, hash } };
}

/** Proves that events follow the head without a gap and unchanged. Throws `STORE_CORRUPT`; answers the new head. */
export function verifyEvents(stream: string, head: Head, events: readonly StoredEvent[]): Head {
  let { version, hash } = head;
  for (const event of events) {
    version += 1;
    if (event.version !== version)
      throw fail(coreErrors, "STORE_CORRUPT", { stream, version, problem: `an event of version ${event.version} is in its place.` });
    hash = hashOf(stream, version, hash, event);
    if (event.hash !== hash) throw fail(coreErrors, "STORE_CORRUPT", { stream, version, problem: "its content does not match its hash." });
  }
  return { version, hash };
}

function hashOf(stream: string, version: number, before: string, { type, at, data }: UnsealedEvent): string {
  return sha256(`${before}\n${JSON.stringify([stream, version, type, at])}${canonicalJson(data)}`);
}
