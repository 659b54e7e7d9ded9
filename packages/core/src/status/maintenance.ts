import type { StatusUpdate } from "./incident.js";

export type MaintenanceStatus = "scheduled" | "in_progress" | "verifying" | "completed";

/** Work that was announced. Times are ISO 8601. */
export interface Maintenance {
  readonly id: string;
  readonly title: string;
  readonly components: readonly string[];
  readonly from: string;
  readonly until: string;
  readonly key: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** What was said about it, the newest first. */
  readonly updates: readonly StatusUpdate<MaintenanceStatus>[];
}

/** A maintenance begins and ends by its times, whoever runs: nothing has to be awake for it. `now` in epoch milliseconds. */
export function statusOf({ from, until }: Pick<Maintenance, "from" | "until">, now: number): MaintenanceStatus {
  if (now >= Date.parse(until)) return "completed";
  return now >= Date.parse(from) ? "in_progress" : "scheduled";
}

/** The next moment at which it says something else by itself, in epoch milliseconds; `Infinity` once it is over. */
export function changesAt({ from, until }: Pick<Maintenance, "from" | "until">, now: number): number {
  return [Date.parse(from), Date.parse(until)].find((moment) => moment > now) ?? Infinity;
}
