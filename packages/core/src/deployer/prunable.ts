import type { EnvironmentSpec } from "../config/environment-spec.js";
import type { Store, StreamRemoval } from "../contract/store.js";
import { readEnvironment, readReleases, type EnvironmentState } from "../engine/environment-journal.js";
import { listAll, streamNames } from "../journal/index.js";
import type { Clock } from "../time/clock.js";
import { readHistory } from "./reports.js";
import { readWindow } from "./rollback-window.js";
import type { DeploymentSummary, RequestState } from "./types.js";

/** What of an environment may go. */
export interface Limits {
  /** In milliseconds, since it ended. */
  readonly olderThan: number;
  /** How many of the newest stay in any case. */
  readonly keep: number;
}

interface Place {
  readonly store: Store;
  readonly clock: Clock;
  readonly application: string;
}

/** Lines that are read at once. */
const pageSize = 1_000;

/** Deployments of an environment that have ended and that nothing needs any more, the oldest first. */
export async function readPrunable(
  place: Place,
  environment: string,
  spec: EnvironmentSpec | undefined,
  { olderThan, keep }: Limits,
): Promise<readonly DeploymentSummary[]> {
  const { store, application, clock } = place;
  const newest = await newestIds(place, environment, keep);
  const needed = await readNeeded(place, environment, spec, await readEnvironment(store, application, environment));
  const before = new Date(clock.now() - olderThan).toISOString();
  const found: DeploymentSummary[] = [];
  for (let after: string | undefined; ;) {
    const page = await readHistory(store, application, { environment, order: "oldest", limit: pageSize, ...(after && { after }) });
    // None that began later can have ended before.
    const old = page.items.filter(({ createdAt }) => createdAt < before);
    found.push(...old.filter(({ id, endedAt }) => endedAt !== null && endedAt < before && !newest.has(id) && !needed.has(id)));
    if (page.next === undefined || old.length < page.items.length) return found;
    after = page.next;
  }
}

/** Those that say how what serves came to serve, why the environment is pinned, and what a rollback may put back; of an environment that is no longer configured, all that may have been such. */
export async function readNeeded(
  place: Place,
  environment: string,
  spec: EnvironmentSpec | undefined,
  state: EnvironmentState,
): Promise<ReadonlySet<string>> {
  const ways =
    spec === undefined
      ? await readReleases(place.store, place.application, environment, state)
      : (await readWindow(place, spec, state)).filter(({ outside }) => outside === null).map(({ deployed }) => deployed);
  const needed = [state.serving, state.pin, ...ways].map((one) => one?.deploymentId);
  return new Set(needed.filter((id) => id !== undefined));
}

async function newestIds({ store, application }: Place, environment: string, keep: number): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for (let after: string | undefined; ids.size < keep;) {
    const limit = Math.min(pageSize, keep - ids.size);
    const page = await readHistory(store, application, { environment, limit, ...(after && { after }) });
    for (const { id } of page.items) ids.add(id);
    if (page.next === undefined) return ids;
    after = page.next;
  }
  return ids;
}

/** Environments with deployments that began before this time, ISO 8601, whether they are configured or not. */
export async function environmentsBefore({ store, application }: Place, before: string): Promise<readonly string[]> {
  const names = new Set<string>();
  for (let after: string | undefined; ;) {
    const page = await readHistory(store, application, { order: "oldest", limit: pageSize, ...(after && { after }) });
    const old = page.items.filter(({ createdAt }) => createdAt < before);
    for (const { environment } of old) names.add(environment);
    if (page.next === undefined || old.length < page.items.length) return [...names].sort();
    after = page.next;
  }
}

/** What was asked for so long ago and became no deployment of its own, because it was refused or another one did the same. It goes by itself: that of a deployment goes with that. */
export async function readOldRequests(
  { store, application, clock }: Place,
  environment: string,
  { olderThan }: Limits,
): Promise<readonly StreamRemoval[]> {
  const before = new Date(clock.now() - olderThan).toISOString();
  const found: StreamRemoval[] = [];
  for await (const { name, version, summary } of listAll(store, streamNames.requests(application), environment)) {
    const { id, createdAt, deploymentId } = summary["state"] as unknown as RequestState;
    // Names are ordered by time.
    if (createdAt >= before) return found;
    if (summary["open"] === false && deploymentId !== id) found.push({ name, expectedVersion: version });
  }
  return found;
}

/** A deployment's journal, its log and what it was asked for by, as they are now; what is not there must not be there later either. */
export async function streamsOfDeployment({ store, application }: Place, id: string): Promise<readonly StreamRemoval[]> {
  const names = [streamNames.deployment, streamNames.log, streamNames.request].map((nameOf) => nameOf(application, id));
  const found = await Promise.all(names.map((prefix) => store.list({ prefix, order: "oldest", limit: 1 })));
  return names.map((name, index) => ({
    name,
    expectedVersion: found[index]?.items.find((stream) => stream.name === name)?.version ?? 0,
  }));
}
