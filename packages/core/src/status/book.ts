import { emptyHead, verifyEvents, type Head } from "../journal/index.js";
import type { StoredEvent } from "../contract/store.js";
import type { ComponentStatus } from "./component-status.js";
import { changesOf, isOpen, type Incident } from "./incident.js";
import { statusOf, type Maintenance } from "./maintenance.js";
import type { ComponentFacts, PageFacts, StatusDraft, StatusEventData } from "./status-events.js";

/** What health says of a component, as it was last recorded. Times in epoch milliseconds. */
export interface LiveState {
  readonly status: ComponentStatus;
  readonly known: boolean;
  /** Since when it has been well, or has not been. Going from bad to worse is no new beginning. */
  readonly since: number;
  /** When it last stopped being well, the newest last; a few of them. */
  readonly troubles: readonly number[];
}

/** Everything that a status page says besides the history of its days: a fold over the events of its stream. */
export interface StatusBook {
  readonly page: PageFacts | null;
  readonly components: readonly ComponentFacts[];
  readonly live: Readonly<Record<string, LiveState>>;
  /** All that are open, and the newest of the others; the newest first. */
  readonly incidents: readonly Incident[];
  /** All that are not over, and the newest of the others; the newest first. */
  readonly maintenances: readonly Maintenance[];
  /** Of the first event and of the last one, ISO 8601. */
  readonly createdAt: string | null;
  readonly updatedAt: string | null;
  readonly head: Head;
}

export const emptyBook: StatusBook = Object.freeze({
  page: null,
  components: [],
  live: {},
  incidents: [],
  maintenances: [],
  createdAt: null,
  updatedAt: null,
  head: emptyHead,
});

/** So many that are over stay on the page and in its documents. Older ones are in the events. */
const mostKept = 50;
const mostTroubles = 5;

/** The book as its events say it, with their chain proved. What is kept beside them must equal it. */
export function foldBook(stream: string, stored: readonly StoredEvent[]): StatusBook {
  const head = verifyEvents(stream, emptyHead, stored);
  // Written by `bookWrite`, and by nothing else.
  const book = stored.reduce((before, { type, data, at }) => applied(before, { type, data } as unknown as StatusDraft, at), emptyBook);
  return { ...book, head };
}

/** The book after one more event. Its head is not moved. */
export function applied(book: StatusBook, draft: StatusDraft, at: string): StatusBook {
  return { ...appliedTo(book, draft, at), createdAt: book.createdAt ?? at, updatedAt: at };
}

function appliedTo(book: StatusBook, draft: StatusDraft, at: string): StatusBook {
  switch (draft.type) {
    case "page.declared":
      return { ...book, ...draft.data, live: ofComponents(book.live, draft.data.components) };
    case "component.changed":
      return { ...book, live: { ...book.live, [draft.data.component]: liveAfter(book.live[draft.data.component], draft.data, at) } };
    case "incident.opened":
      return { ...book, incidents: keptIncidents([opened(draft.data, at), ...book.incidents]) };
    case "incident.updated":
      return {
        ...book,
        incidents: keptIncidents(replaced(book.incidents, draft.data.id, (incident) => updated(incident, draft.data, at))),
      };
    case "maintenance.scheduled":
      return { ...book, maintenances: keptMaintenances([scheduled(draft.data, at), ...book.maintenances], at) };
    case "maintenance.updated":
      return {
        ...book,
        maintenances: replaced(book.maintenances, draft.data.id, (maintenance) => rescheduled(maintenance, draft.data, at)),
      };
    case "maintenance.cancelled":
      return { ...book, maintenances: book.maintenances.filter(({ id }) => id !== draft.data.id) };
  }
}

/** What is no longer declared is forgotten. */
function ofComponents(live: StatusBook["live"], components: readonly ComponentFacts[]): StatusBook["live"] {
  const names = new Set(components.map(({ name }) => name));
  return Object.fromEntries(Object.entries(live).filter(([name]) => names.has(name)));
}

function liveAfter(before: LiveState | undefined, { status, known }: StatusEventData["component.changed"], at: string): LiveState {
  const now = Date.parse(at);
  const isWell = status === "operational" && known;
  const wasWell = before?.status === "operational" && before.known;
  if (before !== undefined && isWell === wasWell) return { ...before, status, known };
  const troubles = isWell ? (before?.troubles ?? []) : [...(before?.troubles ?? []), now].slice(-mostTroubles);
  return { status, known, since: now, troubles };
}

function opened({ body, actor: _, ...data }: StatusEventData["incident.opened"], at: string): Incident {
  const affected = changesOf({}, data.components);
  return {
    ...data,
    createdAt: at,
    updatedAt: at,
    monitoringAt: data.status === "monitoring" ? at : null,
    resolvedAt: data.status === "resolved" ? at : null,
    updates: [{ id: `${data.id}-1`, status: data.status, body, at, affected }],
  };
}

function updated(incident: Incident, { body, actor: _, ...data }: StatusEventData["incident.updated"], at: string): Incident {
  const id = `${incident.id}-${incident.updates.length + 1}`;
  const affected = changesOf(incident.components, data.components);
  return {
    ...incident,
    ...data,
    updatedAt: at,
    monitoringAt: data.status === "monitoring" ? at : incident.monitoringAt,
    resolvedAt: data.status === "resolved" ? at : isOpen(data) ? null : incident.resolvedAt,
    updates: [{ id, status: data.status, body, at, affected }, ...incident.updates],
  };
}

function scheduled({ body, actor: _, ...data }: StatusEventData["maintenance.scheduled"], at: string): Maintenance {
  const update = { id: `${data.id}-1`, status: statusOf(data, Date.parse(at)), body, at, affected: [] };
  return { ...data, createdAt: at, updatedAt: at, updates: [update] };
}

function rescheduled(maintenance: Maintenance, data: StatusEventData["maintenance.updated"], at: string): Maintenance {
  const { body, from, until } = data;
  const id = `${maintenance.id}-${maintenance.updates.length + 1}`;
  const update = { id, status: statusOf(data, Date.parse(at)), body, at, affected: [] };
  return { ...maintenance, from, until, updatedAt: at, updates: [update, ...maintenance.updates] };
}

function replaced<Item extends { readonly id: string }>(items: readonly Item[], id: string, change: (item: Item) => Item): readonly Item[] {
  return items.map((item) => (item.id === id ? change(item) : item));
}

function keptIncidents(incidents: readonly Incident[]): readonly Incident[] {
  return keptOf(incidents, isOpen);
}

function keptMaintenances(maintenances: readonly Maintenance[], at: string): readonly Maintenance[] {
  return keptOf(maintenances, (maintenance) => statusOf(maintenance, Date.parse(at)) !== "completed");
}

/** What is not over, and the first of what is. */
function keptOf<Item>(items: readonly Item[], isKept: (item: Item) => boolean): readonly Item[] {
  let left = mostKept;
  return items.filter((item) => isKept(item) || (left -= 1) >= 0);
}
