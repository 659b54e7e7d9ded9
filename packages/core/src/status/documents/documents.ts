import { isOpen } from "../incident.js";
import { shownDays, type StatusSnapshot } from "../snapshot.js";
import { componentDocuments, componentId, pageId } from "./component-document.js";
import { incidentDocument, maintenanceDocument } from "./incident-document.js";

/** Paths of the documents of the Statuspage API, below where it is mounted. */
export const documentPaths = [
  "summary.json",
  "status.json",
  "components.json",
  "incidents.json",
  "incidents/unresolved.json",
  "scheduled-maintenances.json",
  "scheduled-maintenances/upcoming.json",
  "scheduled-maintenances/active.json",
] as const;

export type DocumentPath = (typeof documentPaths)[number];

/** The eight documents of the Statuspage API (version 2), all from one snapshot. */
export function statuspageDocuments(snapshot: StatusSnapshot): Readonly<Record<DocumentPath, object>> {
  const page = pageDocument(snapshot);
  const { indicator, description } = snapshot.rollUp;
  const status = { indicator, description };
  const components = componentDocuments(snapshot);
  const incidents = snapshot.incidents.map((incident) => incidentDocument(snapshot, incident));
  const unresolved = snapshot.incidents.filter(isOpen).map((incident) => incidentDocument(snapshot, incident));
  const maintenances = snapshot.maintenances.map((maintenance) => maintenanceDocument(snapshot, maintenance));
  const upcoming = maintenances.filter(({ status: word }) => word === "scheduled");
  const active = maintenances.filter(({ status: word }) => word === "in_progress" || word === "verifying");
  return {
    "summary.json": { page, components, incidents: unresolved, scheduled_maintenances: [...active, ...upcoming], status },
    "status.json": { page, status },
    "components.json": { page, components },
    "incidents.json": { page, incidents: incidents.slice(0, 50) },
    "incidents/unresolved.json": { page, incidents: unresolved },
    "scheduled-maintenances.json": { page, scheduled_maintenances: maintenances.slice(0, 50) },
    "scheduled-maintenances/upcoming.json": { page, scheduled_maintenances: upcoming },
    "scheduled-maintenances/active.json": { page, scheduled_maintenances: active },
  };
}

function pageDocument(snapshot: StatusSnapshot) {
  const { name, url, timeZone } = snapshot.page;
  return { id: pageId(snapshot), name, url, time_zone: timeZone, updated_at: snapshot.updatedAt };
}

/**
 * The status in one document: what the summary of Statuspage says, the word for the whole page, uptime and response times of each component, the deployment that is under way, and how old it is.
 */
export function statusDocument(snapshot: StatusSnapshot): object {
  const summary = statuspageDocuments(snapshot)["summary.json"];
  const { version, updatedAt, stale, rollUp, deployment } = snapshot;
  return {
    ...summary,
    page: { ...pageDocument(snapshot), status: rollUp.status },
    metrics: snapshot.components.map((component) => ({
      component_id: componentId(snapshot, component.name),
      name: component.title,
      known: component.known,
      uptime: { days: shownDays, ratio: component.uptime },
      response_time: { unit: "ms", interval: "1h", until: updatedAt, data: component.hours },
    })),
    deployment:
      deployment === null
        ? null
        : { kind: deployment.kind, phase: deployment.phase, release: deployment.release, started_at: deployment.startedAt },
    stale,
    version,
  };
}
