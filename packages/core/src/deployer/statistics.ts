import type { Store } from "../contract/store.js";
import { readEnvironment, type EnvironmentState } from "../engine/environment-journal.js";
import { statisticsOf } from "../history/index.js";
import { listAll, streamNames } from "../journal/index.js";
import type { Clock } from "../time/clock.js";
import { toMilliseconds, type Duration } from "../time/duration.js";
import { readHistory } from "./reports.js";
import type { DeploymentSummary, HistoryStatistics } from "./types.js";

/** Lines that are read at once. */
const pageSize = 1_000;

/** Reads the lines of a period, the newest first, and no older one. */
export async function readStatistics(
  store: Store,
  application: string,
  query: { readonly clock: Clock; readonly environment?: string; readonly since?: Duration },
): Promise<HistoryStatistics> {
  const { clock, environment, since = "30d" } = query;
  const period = toMilliseconds(since);
  const until = clock.now();
  const from = new Date(until - period).toISOString();
  const found: DeploymentSummary[] = [];
  for (let after: string | undefined; ;) {
    const page = await readHistory(store, application, {
      limit: pageSize,
      ...(environment === undefined ? {} : { environment }),
      ...(after === undefined ? {} : { after }),
    });
    const recent = page.items.filter(({ createdAt }) => createdAt >= from);
    found.push(...recent);
    // The newest come first: behind one that is too old there are only older ones.
    if (page.next === undefined || recent.length < page.items.length) break;
    after = page.next;
  }
  return {
    since: from,
    until: new Date(until).toISOString(),
    environments: statisticsOf(found, period),
    pruned: (await readPruned(store, application, environment)).filter((pruned) => pruned.until >= from),
  };
}

/** What was removed, of the environments of which something was. */
async function readPruned(store: Store, application: string, environment: string | undefined): Promise<HistoryStatistics["pruned"]> {
  const prefix = streamNames.environment(application, "");
  const states = environment === undefined ? listAll(store, prefix) : [];
  const found = environment === undefined ? [] : [{ environment, state: await readEnvironment(store, application, environment) }];
  // Written by `environmentWrite`, and by nothing else; an older one had fewer members.
  for await (const { name, summary } of states)
    found.push({ environment: name.slice(prefix.length), state: summary as unknown as EnvironmentState });
  return found.flatMap(({ environment: name, state }) => (state.pruned ? [{ environment: name, ...state.pruned }] : []));
}
