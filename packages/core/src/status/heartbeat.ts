import type { Store } from "../contract/store.js";
import type { HealthSnapshot } from "../health/index.js";
import { emptyHead, listAll, sealEvents, streamNames } from "../journal/index.js";
import type { StatusPlace } from "./book-store.js";

/** What one process says of the checks that it runs. */
export interface Heartbeat {
  readonly instance: string;
  /** Epoch milliseconds by the store's clock. */
  readonly at: number;
  readonly checks: Readonly<Record<string, CheckReport>>;
}

export interface CheckReport {
  readonly status: "up" | "degraded" | "down";
  readonly known: boolean;
  readonly critical: boolean;
  /** In milliseconds. */
  readonly latency: number | null;
}

/** Whose heart beats, and what came of the beat before. */
export interface Heart {
  readonly instance: string;
  /** Whether its stream is there. */
  begun: boolean;
}

/** Says that this process is there, and what its checks say. Keeps the last beat only. */
export async function beat(
  store: Store,
  place: StatusPlace,
  heart: Heart,
  { snapshot, now }: { readonly snapshot: HealthSnapshot; readonly now: number },
): Promise<void> {
  const name = streamNames.heartbeat(place.application, place.environment, heart.instance);
  const checks = Object.fromEntries(
    snapshot.checks.map(({ name: check, status, known, critical, latency }) => [check, { status, known, critical, latency }]),
  );
  const summary = { instance: heart.instance, at: now, checks } satisfies Heartbeat;
  if (!heart.begun) {
    // Its events would tell nothing that the last beat does not: one marks that it was there.
    const { items } = await store.list({ prefix: name, order: "oldest", limit: 1 });
    if (items[0]?.name !== name) {
      const born = { type: "instance.appeared", at: new Date(now).toISOString(), data: { instance: heart.instance } };
      const { events } = sealEvents(name, emptyHead, [born]);
      await store.commit({ streams: [{ name, expectedVersion: 0, events, summary }] });
      heart.begun = true;
      return;
    }
  }
  try {
    await store.commit({ streams: [{ name, expectedVersion: 1, events: [], summary }] });
    heart.begun = true;
  } catch (error) {
    // It was silent for so long that it has been forgotten.
    heart.begun = false;
    throw error;
  }
}

/** The last beats of all processes, also of those that are gone. */
export async function readHeartbeats(store: Pick<Store, "list">, { application, environment }: StatusPlace): Promise<readonly Heartbeat[]> {
  const prefix = streamNames.heartbeats(application, environment);
  const found: Heartbeat[] = [];
  for await (const { name, summary } of listAll(store, prefix)) {
    // Of an environment whose name begins with this one's come others.
    if (!name.slice(prefix.length).includes("/")) found.push(summary as unknown as Heartbeat);
  }
  return found;
}
