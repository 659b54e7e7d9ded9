import { digestOf, type Json } from "../json/index.js";
import type { StatusBook } from "./book.js";
import { worstOf, type ComponentStatus } from "./component-status.js";
import { colourOf, dayAt, dayLength, uptimeOf, type StatusDay } from "./day.js";
import { isOpen, type Incident } from "./incident.js";
import { changesAt, statusOf, type Maintenance, type MaintenanceStatus } from "./maintenance.js";
import { rollUpOf, type RollUp } from "./roll-up.js";
import { isKnown, shownStatus } from "./shown.js";
import type { ComponentFacts, PageFacts } from "./status-events.js";

/** How many days a page shows. */
export const shownDays = 90;
/** How many hours of response times it shows. */
const shownHours = 24;

/** A component as a page shows it. */
export interface ShownComponent extends ComponentFacts {
  readonly status: ComponentStatus;
  /** Whether anybody can tell. If not, its status is not better than degraded. */
  readonly known: boolean;
  /** From 0 to 1, of what was watched in the days that are shown; `null` where nothing was. */
  readonly uptime: number | null;
  /** The worst of each day, the oldest first; `null`: a gap. */
  readonly days: readonly (ComponentStatus | null)[];
  /** Mean response times of the last hours in milliseconds, the oldest first; `null`: a gap. */
  readonly hours: readonly (number | null)[];
  /** ISO 8601. */
  readonly updatedAt: string;
}

export interface ShownMaintenance extends Maintenance {
  readonly status: MaintenanceStatus;
}

/** A deployment that is under way. */
export interface ShownDeployment {
  readonly kind: string;
  readonly phase: string;
  readonly release: string;
  /** ISO 8601. */
  readonly startedAt: string;
}

/** What a status page says at one moment. Everything that is answered is made from one of these. Frozen. */
export interface StatusSnapshot {
  /** The same for the same content, in every process. */
  readonly version: string;
  /** When what it says was last found to be so, ISO 8601. */
  readonly updatedAt: string;
  /** Whether it is so old that nothing can be said to be well. */
  readonly stale: boolean;
  readonly createdAt: string;
  readonly page: PageFacts;
  readonly rollUp: RollUp;
  readonly components: readonly ShownComponent[];
  /** The newest first. */
  readonly incidents: readonly Incident[];
  /** The newest first. */
  readonly maintenances: readonly ShownMaintenance[];
  readonly deployment: ShownDeployment | null;
  /** The day of UTC that is the last of `days`. */
  readonly today: string;
}

/** What a snapshot is made from: what the store says. */
export interface StatusFacts {
  readonly book: StatusBook;
  /** The newest first. */
  readonly days: readonly StatusDay[];
  readonly deployment: ShownDeployment | null;
}

/** `now` in epoch milliseconds; `freshFor`: how long what was last seen counts, in milliseconds. */
export function toSnapshot(
  { book, days, deployment }: StatusFacts,
  fallback: PageFacts,
  given: { now: number; freshFor: number },
): StatusSnapshot {
  const { now, freshFor } = given;
  const seen = days[0]?.until ?? 0;
  const stale = now - seen > freshFor && book.components.some(({ checks }) => checks.length > 0);
  const updatedAt = new Date(Math.max(seen, Date.parse(book.updatedAt ?? "") || 0)).toISOString();
  const components = book.components.map((component) => shownComponent(component, { book, days, now, stale }));
  const content = {
    updatedAt,
    stale,
    createdAt: book.createdAt ?? updatedAt,
    page: book.page ?? fallback,
    rollUp: rollUpOf(
      components.map(({ status }) => status),
      book.incidents.filter(isOpen).map(({ impact }) => impact),
    ),
    components,
    incidents: book.incidents,
    maintenances: book.maintenances.map((maintenance) => ({ ...maintenance, status: statusOf(maintenance, now) })),
    deployment,
    today: dayAt(now),
  };
  return Object.freeze({ version: digestOf(content as unknown as Json).slice(7, 23), ...content });
}

/** The next moment at which a snapshot would say something else although nothing happens, in epoch milliseconds. */
export function expiresAt({ book, days }: StatusFacts, { now, freshFor }: { readonly now: number; readonly freshFor: number }): number {
  const stale = (days[0]?.until ?? 0) + freshFor + 1;
  const midnight = Date.parse(dayAt(now)) + dayLength;
  return Math.min(stale > now ? stale : Infinity, midnight, ...book.maintenances.map((maintenance) => changesAt(maintenance, now)));
}

function shownComponent(
  facts: ComponentFacts,
  {
    book,
    days,
    now,
    stale,
  }: { readonly book: StatusBook; readonly days: readonly StatusDay[]; readonly now: number; readonly stale: boolean },
): ShownComponent {
  const { name } = facts;
  const known = isKnown(book, facts) && !(stale && facts.checks.length > 0);
  const status = shownStatus(book, facts, now);
  const byDay = new Map(days.map((day) => [day.day, day]));
  const names = Array.from({ length: shownDays }, (_, index) => dayAt(now - (shownDays - 1 - index) * dayLength));
  const times = names.map((day) => byDay.get(day)?.times[name]);
  const since = book.live[name]?.since;
  return {
    ...facts,
    status: known ? status : worstOf([status, "degraded_performance"]),
    known,
    uptime: uptimeOf(times.flatMap((one) => one ?? [])),
    days: times.map(colourOf),
    hours: Array.from({ length: shownHours }, (_, index) => meanAt(byDay, name, now - (shownHours - 1 - index) * 3_600_000)),
    updatedAt: since === undefined ? (book.createdAt ?? new Date(now).toISOString()) : new Date(since).toISOString(),
  };
}

function meanAt(byDay: ReadonlyMap<string, StatusDay>, name: string, moment: number): number | null {
  const [count, sum] = byDay.get(dayAt(moment))?.hours[name]?.[String(new Date(moment).getUTCHours())] ?? [0, 0];
  return count === 0 ? null : Math.round(sum / count);
}
