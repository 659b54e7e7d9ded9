import type { Count } from "./account.js";

/** Running totals by the name of what counts: one per instance, say. */
export type Totals = Readonly<Record<string, number>>;

/** Running totals of one side: all requests, and those that count against it. */
export interface CounterReading {
  readonly requests: Totals;
  readonly events: Totals;
}

/**
 * What was counted since the last totals, and what to remember. One that is smaller than before began anew at zero, together with the other of its name; one that is new began at zero. What is not there now is
 * remembered: an instance that was not asked this time comes back with all that it counted meanwhile. Of the very first totals nothing counts: who knows since when they run?
 */
export function advance(
  known: CounterReading | undefined,
  now: CounterReading,
): { readonly increase: Count; readonly known: CounterReading } {
  if (known === undefined) return { increase: { requests: 0, events: 0 }, known: now };
  const hasRestarted = (name: string): boolean =>
    (now.requests[name] ?? Infinity) < (known.requests[name] ?? 0) || (now.events[name] ?? Infinity) < (known.events[name] ?? 0);
  const increaseOf = (totals: Totals, before: Totals): number =>
    Object.entries(totals).reduce((sum, [name, total]) => sum + total - (hasRestarted(name) ? 0 : (before[name] ?? 0)), 0);
  return {
    increase: { requests: increaseOf(now.requests, known.requests), events: increaseOf(now.events, known.events) },
    known: { requests: { ...known.requests, ...now.requests }, events: { ...known.events, ...now.events } },
  };
}
