import type { Lease, OutboxMessage, StoreChange, StoredEvent } from "../../contract/store.js";
import type { JsonObject } from "../../json/json.js";

export interface MemoryStream {
  readonly events: StoredEvent[];
  readonly summary: JsonObject;
}

/** Everything that a memory store holds. */
export interface MemoryState {
  readonly streams: Map<string, MemoryStream>;
  /** One per event: its position is its index + 1. Nothing is left of one that was removed. */
  readonly log: (StoreChange | undefined)[];
  readonly claims: Map<string, string>;
  readonly leases: Map<string, Lease>;
  /** The last token given. */
  token: number;
  /** By id, in the order of commits. */
  readonly messages: Map<string, OutboxMessage>;
  readonly dedupeKeys: Set<string>;
  /** When they are due, by name. */
  readonly timers: Map<string, number>;
}

export function emptyState(): MemoryState {
  return {
    streams: new Map(),
    log: [],
    claims: new Map(),
    leases: new Map(),
    token: 0,
    messages: new Map(),
    dedupeKeys: new Set(),
    timers: new Map(),
  };
}

/** What remains of a value that goes through JSON, frozen: neither the writer nor a reader can change what the store holds. */
export function keep<Value>(value: Value): Value {
  // Of the same shape: everything that a store is handed is JSON.
  return deepFreeze(JSON.parse(JSON.stringify(value)) as Value);
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}
