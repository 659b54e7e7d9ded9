import type { TrafficWeights } from "@fairlead/core";
import { createSharing } from "../shares/create-sharing.js";

/** A shift as the provider keeps it. */
export interface FakeShift {
  readonly stable: string;
  readonly candidate: string;
  /** The percentages that it was opened with. */
  readonly steps: readonly number[];
  readonly weights: TrafficWeights;
  /** Who a session is with. */
  readonly sessions: Map<string, string>;
  readonly next: () => string | undefined;
}

/** A shift that just began: all traffic is with `stable`. */
export function beginShift({ stable, candidate, steps }: Pick<FakeShift, "stable" | "candidate" | "steps">): FakeShift {
  return withWeights({ stable, candidate, steps, sessions: new Map() }, { [stable]: 100, [candidate]: 0 });
}

/** The same shift with other shares; sessions stay where they are as long as their side has a share. */
export function withWeights(shift: Omit<FakeShift, "weights" | "next">, weights: TrafficWeights): FakeShift {
  const all = { [shift.stable]: 0, [shift.candidate]: 0, ...weights };
  return { ...shift, weights: all, next: createSharing(all) };
}

/** Who answers the next request. */
export function chooseSide(shift: FakeShift, session: string | undefined): string | undefined {
  if (session === undefined) return shift.next();
  const known = shift.sessions.get(session);
  if (known !== undefined && (shift.weights[known] ?? 0) > 0) return known;
  const chosen = shift.next();
  if (chosen !== undefined) shift.sessions.set(session, chosen);
  return chosen;
}
