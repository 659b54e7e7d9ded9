import type { EnvironmentSpec } from "../config/environment-spec.js";
import { frozenAt } from "../config/freezes.js";
import type { EnvironmentState } from "./environment-journal.js";

/** Why nothing may begin. */
export interface Freeze {
  readonly reason: string;
  /** Epoch milliseconds; `null`: until somebody ends it. */
  readonly until: number | null;
}

/** What holds deployments to an environment now: somebody has stopped the line, or its configuration names this time. */
export function freezeOf({ freezes }: Pick<EnvironmentSpec, "freezes">, { freeze }: EnvironmentState, now: number): Freeze | undefined {
  if (freeze !== null && (freeze.until === null || freeze.until > now))
    return { reason: `${freeze.actor.name} stopped it: ${freeze.reason}`, until: freeze.until };
  return frozenAt(freezes, now);
}
