import { dayOf, momentsOf, weekdayOf, type Day } from "../time/wall-time.js";
import type { FreezeOptions, RecurringFreezeOptions, Weekday } from "./environment-options.js";

/** A time in which nothing begins: once, in epoch milliseconds, or again and again. */
export type FreezeSpec =
  | { readonly from: number; readonly to: number; readonly reason: string }
  | {
      /** 0 is Sunday. */
      readonly weekdays: readonly number[];
      /** In minutes after midnight; an end that is not behind the beginning is one of the next day. */
      readonly from: number;
      readonly to: number;
      readonly zone: string;
      readonly reason: string;
    };

/** A time in which nothing begins, around a moment. */
export interface Frozen {
  readonly reason: string;
  /** Epoch milliseconds; not included. */
  readonly until: number;
}

const names: readonly Weekday[] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/** The longest that times which follow one another are counted as one: what is behind it is seen when it has come. */
const mostTogether = 14 * 86_400_000;

/** Fills in the defaults. The options have been checked. */
export function freezeSpec(options: FreezeOptions | RecurringFreezeOptions): FreezeSpec {
  if (!("every" in options)) return { from: Date.parse(options.from), to: Date.parse(options.to), reason: options.reason };
  const { days = names, from = "00:00", to = "24:00", zone, reason } = options;
  return { weekdays: days.map((day) => names.indexOf(day)), from: minutesOf(from), to: minutesOf(to), zone, reason };
}

/** What freezes a moment. Its end is that of all that follow one another without a gap. */
export function frozenAt(freezes: readonly FreezeSpec[], now: number): Frozen | undefined {
  const first = freezes.map((freeze) => around(freeze, now)).find((found) => found !== undefined);
  if (first === undefined) return undefined;
  let { until } = first;
  for (;;) {
    const next = Math.max(until, ...freezes.map((freeze) => around(freeze, until)?.until ?? 0));
    if (next === until || until - now > mostTogether) return { reason: first.reason, until };
    until = next;
  }
}

/** The times that begin behind `now` and not behind `until`, the earliest first; those that follow one another without a gap are one. */
export function frozenAhead(freezes: readonly FreezeSpec[], now: number, until: number): readonly (Frozen & { readonly from: number })[] {
  const beginnings = freezes.flatMap((freeze) => beginningsOf(freeze, now, until)).sort((one, other) => one - other);
  const ahead: (Frozen & { readonly from: number })[] = [];
  for (const from of beginnings) {
    const end = ahead.at(-1)?.until ?? frozenAt(freezes, now)?.until ?? 0;
    const frozen = from < end ? undefined : frozenAt(freezes, from);
    if (frozen !== undefined) ahead.push({ ...frozen, from });
  }
  return ahead;
}

function beginningsOf(freeze: FreezeSpec, now: number, until: number): readonly number[] {
  const isAhead = (moment: number): boolean => moment > now && moment <= until;
  if (!("zone" in freeze)) return [freeze.from].filter(isAhead);
  const [first, last] = [dayOf(now, freeze.zone), dayOf(until, freeze.zone)];
  const days = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  return days
    .filter((day) => freeze.weekdays.includes(weekdayOf(day)))
    .map((day) => momentsOf(day, freeze.from, freeze.zone).first)
    .filter(isAhead);
}

function around(freeze: FreezeSpec, now: number): Frozen | undefined {
  const { reason } = freeze;
  if (!("zone" in freeze)) return freeze.from <= now && now < freeze.to ? { reason, until: freeze.to } : undefined;
  const today = dayOf(now, freeze.zone);
  // One that began yesterday may reach into today.
  const ends = [today - 1, today].flatMap((day) => (freeze.weekdays.includes(weekdayOf(day)) ? [endAround(freeze, day, now)] : []));
  const until = Math.max(...ends.map((end) => end ?? 0));
  return until > now ? { reason, until } : undefined;
}

/** The end of what begins on a day, if the moment is within. An hour that clocks show twice belongs to it both times. */
function endAround({ from, to, zone }: Extract<FreezeSpec, { readonly zone: string }>, day: Day, now: number): number | undefined {
  const begin = momentsOf(day, from, zone).first;
  const end = to > from ? momentsOf(day, to, zone).last : momentsOf(day + 1, to, zone).last;
  return begin <= now && now < end ? end : undefined;
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
}
