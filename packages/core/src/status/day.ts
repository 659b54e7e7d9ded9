import type { ComponentStatus } from "./component-status.js";

/** How a component was on one day, as far as somebody watched. Milliseconds by status; what is missing to a whole day is a gap. */
export type DayTimes = Readonly<Partial<Record<ComponentStatus, number>>>;

/** How long answers took within one hour: how many were seen, and the sum of their milliseconds. */
export type HourTimes = readonly [count: number, sum: number];

/** The history of one day of UTC, of all components. */
export interface StatusDay {
  /** `2026-11-22`. */
  readonly day: string;
  /** Epoch milliseconds: as far as it goes; 0 if nobody has looked. */
  readonly until: number;
  readonly times: Readonly<Record<string, DayTimes>>;
  /** By component and hour, 0 to 23. */
  readonly hours: Readonly<Record<string, Readonly<Record<string, HourTimes>>>>;
}

/** One look at all components. */
export interface Look {
  /** Epoch milliseconds. */
  readonly at: number;
  /** How long it has been so, in milliseconds; the time since the last look, unless nobody looked for long. */
  readonly lasted: number;
  /** Components of which nothing is known are missing. */
  readonly components: readonly { readonly name: string; readonly status: ComponentStatus; readonly latency: number | null }[];
}

export const dayLength = 86_400_000;

/** The day of UTC that it is at a moment. */
export function dayAt(moment: number): string {
  return new Date(moment).toISOString().slice(0, 10);
}

export function emptyDay(day: string): StatusDay {
  return { day, until: 0, times: {}, hours: {} };
}

/** The day with one more look. What lasted since before midnight counts for the day on which it is seen. */
export function withLook(before: StatusDay, { at, lasted, components }: Look): StatusDay {
  const hour = String(new Date(at).getUTCHours());
  const times: Record<string, DayTimes> = { ...before.times };
  const hours: Record<string, StatusDay["hours"][string]> = { ...before.hours };
  for (const { name, status, latency } of components) {
    const earlier = times[name] ?? {};
    times[name] = { ...earlier, [status]: Math.min(dayLength, (earlier[status] ?? 0) + lasted) };
    if (latency === null) continue;
    const [count, sum] = hours[name]?.[hour] ?? [0, 0];
    hours[name] = { ...hours[name], [hour]: [count + 1, sum + latency] };
  }
  return { day: before.day, until: Math.max(before.until, at), times, hours };
}

/** How much of the time that was watched a component was there for those who use it, from 0 to 1; a partial outage counts for three tenths of its time. `null` where nobody watched. */
export function uptimeOf(days: readonly DayTimes[]): number | null {
  let [watched, lost] = [0, 0];
  for (const times of days) {
    watched += Object.values(times).reduce((sum, time) => sum + time, 0);
    lost += (times.major_outage ?? 0) + 0.3 * (times.partial_outage ?? 0);
  }
  return watched === 0 ? null : 1 - lost / watched;
}

/** How a day is drawn: by the worst that lasted for at least a minute, or that made up what was seen of it. `null`: a gap. */
export function colourOf(times: DayTimes | undefined): ComponentStatus | null {
  const watched = Object.values(times ?? {}).reduce((sum, time) => sum + time, 0);
  if (times === undefined || watched === 0) return null;
  const lasting = worstFirst.find((status) => (times[status] ?? 0) >= Math.min(60_000, watched / 2));
  return lasting ?? "operational";
}

const worstFirst = ["major_outage", "partial_outage", "degraded_performance", "operational", "under_maintenance"] as const;
