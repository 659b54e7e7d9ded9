import type { DeployedRelease } from "../contract/deployment-events.js";
import type { Release } from "../contract/release.js";
import type { Store } from "../contract/store.js";
import { wantedBy, type RequirementSpec } from "../plan/index.js";
import { readEnvironment, readReleases } from "./environment-journal.js";

type Wanted = Pick<RequirementSpec, "application" | "environment" | "release" | "atLeast">;

/** What the journal of another application says about what is required of it. */
export interface RequirementFinding {
  readonly met: boolean;
  /** Id of what it serves. */
  readonly serving: string | null;
  /** In words: what is missing. */
  readonly reason: string;
}

/** Reads what another application serves, in the same store. */
export async function readRequirement(store: Store, wanted: Wanted): Promise<RequirementFinding> {
  const { application, environment } = wanted;
  const state = await readEnvironment(store, application, environment);
  const serving = state.serving?.release;
  const served = wanted.atLeast === undefined ? [] : await readReleases(store, application, environment, state);
  const met = serving !== undefined && serves(serving, served, wanted);
  const found = serving === undefined ? "nothing yet" : serving.id;
  const missing = wanted.release === undefined && wanted.atLeast === undefined ? "" : `, not ${wantedBy(wanted)}`;
  return { met, serving: serving?.id ?? null, reason: `${application} serves ${found} in ${environment}${missing}` };
}

/** The first requirement that is not met. */
export async function unmetRequirement(
  store: Store,
  requirements: readonly RequirementSpec[],
): Promise<{ readonly requirement: RequirementSpec; readonly reason: string } | undefined> {
  for (const requirement of requirements) {
    const { met, reason } = await readRequirement(store, requirement);
    if (!met) return { requirement, reason };
  }
  return undefined;
}

/** Ids of releases are ordered by time. What is named by its commit must have served there to be found. */
function serves(serving: Release, served: readonly DeployedRelease[], { release, atLeast }: Wanted): boolean {
  if (release !== undefined) return isCalled(serving, release);
  if (atLeast === undefined) return true;
  const least = atLeast.startsWith("rel_") ? atLeast : served.find((one) => isCalled(one.release, atLeast))?.release.id;
  return least !== undefined && serving.id >= least;
}

function isCalled({ id, provenance }: Release, name: string): boolean {
  return id === name || provenance.commit?.startsWith(name) === true;
}
