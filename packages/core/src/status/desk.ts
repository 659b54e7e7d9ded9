import type { Store } from "../contract/store.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import type { Clock } from "../time/clock.js";
import { applied, type StatusBook } from "./book.js";
import { amendBook, type StatusPlace } from "./book-store.js";
import { impactOf, impacts, type Impact } from "./component-status.js";
import { incidentMessages } from "./incident-messages.js";
import { isOpen, type Incident } from "./incident.js";
import { requireComponents, requireInput, requireOneOf, requireStatuses, requireText, requireWord } from "./inputs.js";
import type { AffectedComponents, IncidentOrigin, IncidentStatus, StatusDraft, StatusEventData } from "./status-events.js";
import { statusId } from "./status-id.js";

export interface OpenIncidentInput {
  /** One line for those who use the application. */
  readonly title: string;
  /** What is known; plain text. */
  readonly body: string;
  /** Default `investigating`. */
  readonly status?: Exclude<IncidentStatus, "resolved" | "postmortem">;
  /** Default: what the statuses of its components come to, `minor` without any. */
  readonly impact?: Impact;
  /** Components and how they are until it is resolved. */
  readonly components?: AffectedComponents;
  /** Of the caller: while an incident with it is open, opening it again gives that one. */
  readonly key?: string;
  /** Who says so; kept in the journal, not shown on the page. */
  readonly actor?: string;
  /** When it began, ISO 8601. Default: now. */
  readonly startedAt?: string;
}

export interface UpdateIncidentInput {
  readonly id: string;
  readonly body: string;
  /** Default: as it is. After `resolved` only `postmortem` can follow, and that only after it. */
  readonly status?: IncidentStatus;
  readonly title?: string;
  readonly impact?: Impact;
  /** Those that change; the others stay as they are. Resolving makes all of them operational. */
  readonly components?: AffectedComponents;
  readonly actor?: string;
}

/** What writes to a page. */
export interface DeskOptions extends StatusPlace {
  readonly store: Store;
  readonly clock: Clock;
  /** Names of plugins that are told of incidents. */
  readonly channels: readonly string[];
  /** Takes secrets out of what people and alerts say. */
  readonly redact: (text: string) => string;
  /** What is on the page as long as no process has declared it. */
  readonly declared?: StatusEventData["page.declared"];
}

const openStatuses: readonly IncidentStatus[] = ["investigating", "identified", "monitoring"];
const incidentStatuses: readonly IncidentStatus[] = [...openStatuses, "resolved", "postmortem"];

/** Incidents by hand. Everything is checked before anything is recorded. */
export interface IncidentDesk {
  /** Throws `STATUS_INPUT_INVALID` and `STATUS_COMPONENT_UNKNOWN`. */
  openIncident(input: OpenIncidentInput): Promise<Incident>;
  /** Throws `INCIDENT_UNKNOWN`, `INCIDENT_RESOLVED` and what `openIncident` does. */
  updateIncident(input: UpdateIncidentInput): Promise<Incident>;
}

export function createIncidentDesk(options: DeskOptions): IncidentDesk {
  return {
    async openIncident(input) {
      const draft = toOpened(input, options.redact);
      let found = "";
      const book = await record(options, (before) => {
        const open = before.incidents.find((incident) => draft.key !== null && incident.key === draft.key && isOpen(incident));
        requireComponents(Object.keys(draft.components), before);
        found = open?.id ?? statusId("person", before.head.hash, draft.title);
        return open === undefined ? [openedDraft(draft, { id: found, origin: "person", now: options.clock.now() })] : [];
      });
      return incidentOf(book, found);
    },
    async updateIncident(input) {
      requireInput(input);
      requireText("body", input.body, 10_000);
      if (input.title !== undefined) requireText("title", input.title, 200);
      requireStatuses(input.components ?? {});
      requireOneOf("status", input.status, incidentStatuses);
      requireOneOf("impact", input.impact, impacts);
      requireWord("actor", input.actor);
      const book = await record(options, (before) => {
        requireComponents(Object.keys(input.components ?? {}), before);
        return [updatedDraft(incidentOf(before, input.id), input, options.redact)];
      });
      return incidentOf(book, input.id);
    },
  };
}

/** Records what `decide` wants and tells whoever is to be told, in one commit. */
export async function record(options: DeskOptions, decide: (book: StatusBook) => readonly StatusDraft[]): Promise<StatusBook> {
  const at = new Date(options.clock.now()).toISOString();
  return amendBook(options.store, options, { at }, (before) => {
    const missing: readonly StatusDraft[] =
      before.page === null && options.declared !== undefined ? [{ type: "page.declared", data: options.declared }] : [];
    const book = missing.reduce((one, draft) => applied(one, draft, at), before);
    const drafts = decide(book);
    const outbox = incidentMessages(drafts, { ...options, page: book.page?.url ?? null }, at);
    return { drafts: [...missing, ...drafts], outbox };
  });
}

/** What is wanted, with its defaults. */
export interface WantedIncident {
  readonly title: string;
  readonly body: string;
  readonly status: OpenIncidentInput["status"] & string;
  readonly impact: Impact;
  readonly components: AffectedComponents;
  readonly key: string | null;
  readonly actor: string | null;
  readonly startedAt: string | null;
}

function toOpened(input: OpenIncidentInput, redact: DeskOptions["redact"]): WantedIncident {
  requireInput(input);
  const { title, body, status = "investigating", components = {}, key = null, actor = null, startedAt = null } = input;
  requireText("title", title, 200);
  requireText("body", body, 10_000);
  requireStatuses(components);
  requireOneOf("status", status, openStatuses);
  requireOneOf("impact", input.impact, impacts);
  requireWord("key", key);
  requireWord("actor", actor);
  if (startedAt !== null && Number.isNaN(Date.parse(startedAt)))
    throw fail(coreErrors, "STATUS_INPUT_INVALID", { field: "startedAt", problem: `must be a time in ISO 8601, not "${startedAt}".` });
  const impact = input.impact ?? (Object.keys(components).length === 0 ? "minor" : impactOf(Object.values(components)));
  return { title: redact(title), body: redact(body), status, impact, components, key, actor, startedAt };
}

/** `now` in epoch milliseconds. */
export function openedDraft(
  { startedAt, ...wanted }: WantedIncident,
  { id, origin, now }: { readonly id: string; readonly origin: IncidentOrigin; readonly now: number },
): StatusDraft {
  const began = startedAt === null ? now : Math.min(now, Date.parse(startedAt));
  return { type: "incident.opened", data: { id, origin, ...wanted, startedAt: new Date(began).toISOString() } };
}

function updatedDraft(incident: Incident, input: UpdateIncidentInput, redact: DeskOptions["redact"]): StatusDraft {
  const { status = incident.status, title = incident.title, impact = incident.impact, actor = null } = input;
  if (!isOpen(incident) && status !== "postmortem") throw fail(coreErrors, "INCIDENT_RESOLVED", { incident: incident.id });
  if (isOpen(incident) && status === "postmortem")
    throw fail(coreErrors, "STATUS_INPUT_INVALID", { field: "status", problem: 'cannot be "postmortem" before the incident is resolved.' });
  const merged = { ...incident.components, ...input.components };
  const components = isOpen({ status }) ? merged : wellOf(merged);
  return {
    type: "incident.updated",
    data: { id: incident.id, title: redact(title), status, impact, components, body: redact(input.body), actor },
  };
}

/** The same components, all well again. */
export function wellOf(components: AffectedComponents): AffectedComponents {
  return Object.fromEntries(Object.keys(components).map((name) => [name, "operational"]));
}

function incidentOf({ incidents }: StatusBook, id: string): Incident {
  const found = incidents.find((incident) => incident.id === id);
  if (found === undefined) throw fail(coreErrors, "INCIDENT_UNKNOWN", { incident: id });
  return found;
}
