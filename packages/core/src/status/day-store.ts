import type { Fence, Store, StreamSummary } from "../contract/store.js";
import { emptyHead, sealEvents, streamNames } from "../journal/index.js";
import type { JsonObject } from "../json/json.js";
import type { StatusPlace } from "./book-store.js";
import { emptyDay, type StatusDay } from "./day.js";

/** The newest days, the newest first, at most `limit` of them. */
export async function readDays(
  store: Pick<Store, "list">,
  { application, environment }: StatusPlace,
  limit: number,
): Promise<readonly StatusDay[]> {
  const prefix = streamNames.statusDays(application, environment);
  const { items } = await store.list({ prefix, limit: 1_000 });
  return items
    .filter(({ name }) => isDay(name.slice(prefix.length)))
    .slice(0, limit)
    .map(toDay);
}

/** One day as it is kept; without anything where nothing is. */
export async function readDay(store: Pick<Store, "list">, { application, environment }: StatusPlace, day: string): Promise<StatusDay> {
  const prefix = streamNames.statusDay(application, environment, day);
  const { items } = await store.list({ prefix, order: "oldest", limit: 1 });
  const found = items.find(({ name }) => name === prefix);
  return found === undefined ? emptyDay(day) : toDay(found);
}

/** Keeps a day, by whoever leads; the first time it begins its stream, and removes days that are older than `retention` milliseconds. */
export async function writeDay(
  store: Store,
  place: StatusPlace,
  day: StatusDay,
  { fence, retention }: { readonly fence: Fence; readonly retention: number },
): Promise<void> {
  const { application, environment } = place;
  const name = streamNames.statusDay(application, environment, day.day);
  const summary = day as unknown as JsonObject;
  const { items } = await store.list({ prefix: name, order: "oldest", limit: 1 });
  if (items[0]?.name === name) {
    await store.commit({ streams: [{ name, expectedVersion: 1, events: [], summary }], fence });
    return;
  }
  const { events } = sealEvents(name, emptyHead, [{ type: "day.begun", at: new Date(day.until).toISOString(), data: { day: day.day } }]);
  const removals = await oldDays(store, place, day.until - retention);
  await store.commit({ streams: [{ name, expectedVersion: 0, events, summary }], fence, removals });
}

async function oldDays(store: Store, { application, environment }: StatusPlace, before: number) {
  const prefix = streamNames.statusDays(application, environment);
  const { items } = await store.list({ prefix, order: "oldest", limit: 1_000 });
  return items
    .filter(({ name }) => isDay(name.slice(prefix.length)) && Date.parse(name.slice(prefix.length)) < before)
    .map(({ name, version }) => ({ name, expectedVersion: version }));
}

function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text);
}

/** Written by `writeDay`, and by nothing else. */
function toDay({ summary }: StreamSummary): StatusDay {
  return summary as unknown as StatusDay;
}
