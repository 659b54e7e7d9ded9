import type { DeployedRelease } from "../contract/deployment-events.js";
import type { Plan } from "../contract/plan.js";
import type { Store } from "../contract/store.js";
import { readEnvironment, readReleases, type EnvironmentState } from "../engine/environment-journal.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail, isFairleadError } from "../errors/fairlead-error.js";
import { changesBetween, type KnownRelease, type ReleaseChanges, type ReleaseVariables } from "../history/index.js";
import { stepsOf } from "../machine/index.js";
import { readState } from "./deployment-handle.js";
import type { ChangesInput } from "./types.js";

/** Holds a release against the one before, from the journals alone. Throws `DEPLOYMENT_UNKNOWN`, `RELEASE_UNKNOWN`. */
export async function readChanges(store: Store, application: string, input: ChangesInput): Promise<ReleaseChanges> {
  return "deploymentId" in input
    ? readChangesOf(store, application, input.deploymentId)
    : readChangesTo(store, application, { environment: input.environment, to: input.to });
}

async function readChangesOf(store: Store, application: string, deploymentId: string): Promise<ReleaseChanges> {
  const { plan } = await readState(store, application, deploymentId);
  const { environment, previousRelease, release } = plan;
  const before = previousRelease === undefined ? undefined : await releaseOf(store, { application, environment, release: previousRelease });
  return changesBetween(await knownRelease(store, application, before), { release, variables: variablesOf(plan), commits: plan.commits });
}

async function readChangesTo(
  store: Store,
  application: string,
  { environment, to }: { readonly environment: string; readonly to: string },
): Promise<ReleaseChanges> {
  const state = await readEnvironment(store, application, environment);
  const found = await releaseIn(store, { application, environment, state }, to);
  const after = await knownRelease(store, application, found);
  if (after === undefined) throw fail(coreErrors, "RELEASE_UNKNOWN", { release: to, known: state.served.map(({ release }) => release) });
  return changesBetween(await knownRelease(store, application, state.serving), after);
}

async function releaseOf(
  store: Store,
  { application, environment, release }: { readonly application: string; readonly environment: string; readonly release: string },
): Promise<DeployedRelease | undefined> {
  return releaseIn(store, { application, environment, state: await readEnvironment(store, application, environment) }, release);
}

async function releaseIn(
  store: Store,
  { application, environment, state }: { readonly application: string; readonly environment: string; readonly state: EnvironmentState },
  release: string,
): Promise<DeployedRelease | undefined> {
  // Only that one is read, not all that served before.
  const served = state.served.filter((one) => one.release === release);
  return (await readReleases(store, application, environment, { ...state, served })).at(0);
}

async function knownRelease(store: Store, application: string, deployed: DeployedRelease | undefined): Promise<KnownRelease | undefined> {
  if (deployed === undefined) return undefined;
  const { release, deploymentId } = deployed;
  try {
    const { plan } = await readState(store, application, deploymentId);
    return { release, variables: variablesOf(plan), commits: plan.commits };
  } catch (error) {
    // Its journal may have been removed.
    if (!isFairleadError(error, "DEPLOYMENT_UNKNOWN")) throw error;
    return { release, variables: null };
  }
}

/** What the plan hands to what it prepares; `null` where it prepares nothing, as a rollback. */
function variablesOf(plan: Plan): ReleaseVariables | null {
  const prepared = stepsOf(plan).flatMap(({ operation, component, input }) =>
    operation === "target.prepare" && component !== undefined ? [[component, input["variables"] ?? {}] as const] : [],
  );
  return prepared.length === 0 ? null : Object.fromEntries(prepared);
}
