import type { StoreCommit } from "@fairlead/core";

/** Appends one event to a stream. */
export function commitOf(name: string, expectedVersion: number, type: string, rest: Omit<StoreCommit, "streams"> = {}): StoreCommit {
  const event = { type, at: "2026-01-02T03:04:05.678Z", data: { who: type }, hash: `sha256:of-${type}` };
  return { streams: [{ name, expectedVersion, events: [event] }], ...rest };
}
