import type { WaitingFor } from "../contract/deployment-events.js";
import type { Json } from "../json/json.js";

/** What a gate answers that cannot tell yet. It is asked again when `until` has come or a person has said something about it; nothing of it runs meanwhile. */
export interface Deferred {
  readonly deferred: true;
  readonly waitingFor: WaitingFor;
  /** In words. */
  readonly reason: string;
  /** Epoch milliseconds; `null`: until an event. */
  readonly until: number | null;
  /** Handed to the next attempt. */
  readonly memo: Json;
}

const deferrals = new WeakSet<object>();

export function defer(fields: Omit<Deferred, "deferred">): Deferred {
  const deferral: Deferred = { ...fields, deferred: true };
  deferrals.add(deferral);
  return deferral;
}

/** Whether `defer` made it: what a provider answers may look like one. */
export function isDeferred(value: Json | Deferred): value is Deferred {
  return typeof value === "object" && value !== null && deferrals.has(value);
}
