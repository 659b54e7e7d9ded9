import type { Impact } from "../component-status.js";
import type { Incident, StatusUpdate } from "../incident.js";
import type { ShownMaintenance, StatusSnapshot } from "../snapshot.js";
import { statusId } from "../status-id.js";
import { componentDocument, componentId, pageId, type ComponentDocument } from "./component-document.js";

export interface UpdateDocument {
  readonly id: string;
  readonly status: string;
  readonly body: string;
  readonly incident_id: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly display_at: string;
  readonly affected_components:
    readonly { readonly code: string; readonly name: string; readonly old_status: string; readonly new_status: string }[] | null;
  readonly deliver_notifications: boolean;
  readonly custom_tweet: null;
  readonly tweet_id: null;
}

export interface IncidentDocument {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly monitoring_at: string | null;
  readonly resolved_at: string | null;
  readonly impact: Impact | "maintenance";
  readonly shortlink: string;
  readonly started_at: string;
  readonly page_id: string;
  /** The newest first. */
  readonly incident_updates: readonly UpdateDocument[];
  readonly components: readonly ComponentDocument[];
}

export interface MaintenanceDocument extends IncidentDocument {
  readonly scheduled_for: string;
  readonly scheduled_until: string;
}

export function incidentDocument(snapshot: StatusSnapshot, incident: Incident): IncidentDocument {
  const { id, title, status, createdAt, updatedAt, monitoringAt, resolvedAt, impact, startedAt, updates, components } = incident;
  return {
    id,
    name: title,
    status,
    created_at: createdAt,
    updated_at: updatedAt,
    monitoring_at: monitoringAt,
    resolved_at: resolvedAt,
    impact,
    shortlink: linkTo(snapshot, id),
    started_at: startedAt,
    page_id: pageId(snapshot),
    incident_updates: updates.map((update) => updateDocument(snapshot, id, update)),
    components: componentsNamed(snapshot, Object.keys(components)),
  };
}

/** What began and ended by its times says so in updates, although nobody wrote them. */
export function maintenanceDocument(snapshot: StatusSnapshot, maintenance: ShownMaintenance): MaintenanceDocument {
  const { id, title, status, createdAt, updatedAt, from, until, updates, components } = maintenance;
  const begun = status === "scheduled" ? [] : [byTime(maintenance, "in_progress", from)];
  const ended = status === "completed" ? [byTime(maintenance, "completed", until)] : [];
  const all = [...ended, ...begun, ...updates].toSorted((one, other) => (one.at < other.at ? 1 : one.at > other.at ? -1 : 0));
  return {
    id,
    name: title,
    status,
    created_at: createdAt,
    updated_at: all[0]?.at ?? updatedAt,
    monitoring_at: null,
    resolved_at: status === "completed" ? until : null,
    impact: "maintenance",
    shortlink: linkTo(snapshot, id),
    started_at: from,
    page_id: pageId(snapshot),
    incident_updates: all.map((update) => updateDocument(snapshot, id, update)),
    components: componentsNamed(snapshot, components),
    scheduled_for: from,
    scheduled_until: until,
  };
}

const sentences = { in_progress: "Maintenance is in progress.", completed: "Maintenance has been completed." } as const;

function byTime({ id }: ShownMaintenance, status: keyof typeof sentences, at: string): StatusUpdate<string> {
  return { id: `${id}-${status}`, status, body: sentences[status], at, affected: [] };
}

/** Where people read about it. */
function linkTo({ page }: Pick<StatusSnapshot, "page">, id: string): string {
  return `${page.url}#${id}`;
}

function updateDocument(
  snapshot: StatusSnapshot,
  incident: string,
  { id, status, body, at, affected }: StatusUpdate<string>,
): UpdateDocument {
  const titles = new Map(snapshot.components.map(({ name, title }) => [name, title]));
  const changes = affected.map(({ component, from, to }) => ({
    code: componentId(snapshot, component),
    name: titles.get(component) ?? component,
    old_status: from,
    new_status: to,
  }));
  return {
    id: statusId("update", id),
    status,
    body,
    incident_id: incident,
    created_at: at,
    updated_at: at,
    display_at: at,
    affected_components: changes.length === 0 ? null : changes,
    deliver_notifications: true,
    custom_tweet: null,
    tweet_id: null,
  };
}

function componentsNamed(snapshot: StatusSnapshot, names: readonly string[]): readonly ComponentDocument[] {
  return snapshot.components.filter(({ name }) => names.includes(name)).map((component) => componentDocument(snapshot, component));
}
