import type { Store } from "../contract/store.js";
import { claimName, streamNames } from "../journal/index.js";
import { readBook, type StatusPlace } from "./book-store.js";
import { dayAt, dayLength, type StatusDay } from "./day.js";
import { readDay, readDays } from "./day-store.js";
import { shownDays, type ShownDeployment, type StatusFacts } from "./snapshot.js";

/** Reads what a page is made from. Of the days all but the last two do not change, so that they are read once. */
export interface StatusReader {
  /** `now` in epoch milliseconds. */
  read(now: number): Promise<StatusFacts>;
}

export function createStatusReader(store: Store, place: StatusPlace): StatusReader {
  let past: readonly StatusDay[] = [];
  let today = "";
  return {
    async read(now) {
      const [day, before] = [dayAt(now), dayAt(now - dayLength)];
      if (today !== day) {
        const all = await readDays(store, place, shownDays + 1);
        past = all.filter((one) => one.day !== day && one.day !== before);
        today = day;
      }
      // Whoever leads writes the end of a day when it looks the first time in the next one.
      const [book, current, yesterday, deployment] = await Promise.all([
        readBook(store, place),
        readDay(store, place, day),
        readDay(store, place, before),
        readDeployment(store, place),
      ]);
      return { book, days: [...[current, yesterday].filter(({ until }) => until !== 0), ...past], deployment };
    },
  };
}

/** Of what the engine writes. */
interface DeploymentSummary {
  readonly kind: string;
  readonly phase: string;
  readonly release: string;
  readonly createdAt: string;
}

/** What has the environment's claim, by its summary. */
async function readDeployment(store: Store, { application, environment }: StatusPlace): Promise<ShownDeployment | null> {
  const id = await store.claimOf(claimName(application, environment));
  if (id === undefined) return null;
  const { items } = await store.list({ prefix: streamNames.deployment(application, id), limit: 1 });
  const summary = items[0]?.summary;
  if (summary === undefined) return null;
  const { kind, phase, release, createdAt } = summary as unknown as DeploymentSummary;
  return { kind, phase, release, startedAt: createdAt };
}
