import type { CallOptions } from "../contract/call.js";
import type { DeployedRelease } from "../contract/deployment-events.js";
import type { Candidate } from "../contract/release.js";
import type { ComponentReference, DeployTarget } from "../contract/target.js";
import { serializeError } from "../errors/fairlead-error.js";
import type { Clock } from "../time/clock.js";
import { askProvider } from "./ask-provider.js";

/** What decides which candidates of a component are kept. */
export interface Retention {
  readonly target: DeployTarget;
  readonly about: ComponentReference;
  /** Reads the releases that served, the last one first. */
  readonly releases: () => Promise<readonly DeployedRelease[]>;
  /** How many of them are kept besides the new one. */
  readonly retain: number;
  /** Id of the candidate that serves. */
  readonly serving: string | undefined;
  readonly clock: Clock;
  readonly call: CallOptions;
}

/**
 * Candidates that the target still has although no rollback is to go to them any more. Nothing where the target cannot remove any, or cannot say what it has: the next deployment asks again.
 */
export async function expiredCandidates(retention: Retention): Promise<readonly Candidate[]> {
  const { target, about, clock, call } = retention;
  const expired = target.discard === undefined ? [] : beyondRetention(retention, await retention.releases(), about.component);
  if (expired.length === 0) return [];
  try {
    const what = `what ${about.component} has retained`;
    const retained = await askProvider(clock, call, what, (options) => target.retained(about, options));
    const there = new Set(retained.map(({ candidate }) => candidate.id));
    return expired.filter(({ id }) => there.has(id));
  } catch (error) {
    call.signal.throwIfAborted();
    call.log.warn(`nothing old of ${about.component} is removed this time: ${serializeError(error).message}`);
    return [];
  }
}

/** Once the new release serves, the one before is the first to go back to: `retain` counts from there. */
function beyondRetention({ retain, serving }: Retention, releases: readonly DeployedRelease[], component: string): readonly Candidate[] {
  const kept = new Set([serving, ...releases.slice(0, retain).map(({ candidates }) => candidates[component]?.id)]);
  return releases.slice(retain).flatMap(({ candidates }) => {
    const candidate = candidates[component];
    return candidate === undefined || kept.has(candidate.id) ? [] : [candidate];
  });
}
