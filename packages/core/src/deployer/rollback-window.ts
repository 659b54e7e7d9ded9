import type { EnvironmentSpec } from "../config/environment-spec.js";
import type { DeployedRelease } from "../contract/deployment-events.js";
import type { Recorder } from "../engine/engine.js";
import { readPastReleases, type EnvironmentState } from "../engine/environment-journal.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import { lengthOf } from "../history/words.js";

/** A release that served before. */
export interface WindowRelease {
  readonly deployed: DeployedRelease;
  /** When it served last, ISO 8601. */
  readonly servedUntil: string;
  /** Why a rollback may not go there; `null` if it may. */
  readonly outside: string | null;
}

/** The releases that served before the one that does, the last one first, and how far a rollback may go back. */
export async function readWindow(
  { store, application, clock }: Pick<Recorder, "store" | "application" | "clock">,
  { name, rollback }: Pick<EnvironmentSpec, "name" | "rollback">,
  state: EnvironmentState,
): Promise<readonly WindowRelease[]> {
  const now = clock.now();
  const past = (await readPastReleases(store, application, name, state)).slice(1);
  return past.map(({ deployed, servedUntil }, index) => {
    const until = servedUntil ?? deployed.at;
    const age = now - Date.parse(until);
    const place = index + 1;
    const outside =
      place > rollback.releases
        ? `it is ${String(place)} releases back, and at most ${String(rollback.releases)} are allowed.`
        : age > rollback.within
          ? `it last served ${lengthOf(age)} ago, and at most ${lengthOf(rollback.within)} are allowed.`
          : null;
    return { deployed, servedUntil: until, outside };
  });
}

/** Two people who go back from the same release are not to go back twice. Throws `ROLLBACK_SERVING_CHANGED`. */
export function requireServing(
  { environment, from }: { readonly environment: string; readonly from?: string | undefined },
  { serving }: EnvironmentState,
): void {
  const now = serving?.release.id ?? "nothing";
  if (from !== undefined && now !== from) throw fail(coreErrors, "ROLLBACK_SERVING_CHANGED", { environment, expected: from, serving: now });
}
