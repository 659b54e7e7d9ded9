import type { StatusSnapshot } from "../snapshot.js";
import { incidentDocument, maintenanceDocument, type IncidentDocument } from "./incident-document.js";
import { pageId } from "./component-document.js";

/** The history as an Atom feed (RFC 4287): incidents and maintenances, what changed last first. */
export function atomFeed(snapshot: StatusSnapshot): string {
  const { page, updatedAt } = snapshot;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom">',
    `<id>urn:fairlead:status:${pageId(snapshot)}</id>`,
    `<title>${escaped(page.name)}: status</title>`,
    `<updated>${updatedAt}</updated>`,
    `<author><name>${escaped(page.name)}</name></author>`,
    `<link rel="alternate" type="text/html" href="${escaped(page.url)}"/>`,
    ...historyOf(snapshot).map((item) =>
      [
        "<entry>",
        `<id>urn:fairlead:incident:${item.id}</id>`,
        `<title>${escaped(item.name)}</title>`,
        `<published>${item.created_at}</published>`,
        `<updated>${item.updated_at}</updated>`,
        `<link rel="alternate" type="text/html" href="${escaped(item.shortlink)}"/>`,
        `<content type="html">${escaped(htmlOf(item))}</content>`,
        "</entry>",
      ].join(""),
    ),
    "</feed>",
    "",
  ].join("\n");
}

/** The history as RSS 2.0. */
export function rssFeed(snapshot: StatusSnapshot): string {
  const { page, updatedAt } = snapshot;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<rss version="2.0"><channel>',
    `<title>${escaped(page.name)}: status</title>`,
    `<link>${escaped(page.url)}</link>`,
    `<description>Incidents and maintenances of ${escaped(page.name)}</description>`,
    `<lastBuildDate>${new Date(updatedAt).toUTCString()}</lastBuildDate>`,
    ...historyOf(snapshot).map((item) =>
      [
        "<item>",
        `<title>${escaped(item.name)}</title>`,
        `<link>${escaped(item.shortlink)}</link>`,
        `<guid isPermaLink="false">urn:fairlead:incident:${item.id}</guid>`,
        `<pubDate>${new Date(item.updated_at).toUTCString()}</pubDate>`,
        `<description>${escaped(htmlOf(item))}</description>`,
        "</item>",
      ].join(""),
    ),
    "</channel></rss>",
    "",
  ].join("\n");
}

function historyOf(snapshot: StatusSnapshot): readonly IncidentDocument[] {
  const incidents = snapshot.incidents.map((incident) => incidentDocument(snapshot, incident));
  const maintenances = snapshot.maintenances.map((maintenance) => maintenanceDocument(snapshot, maintenance));
  return [...incidents, ...maintenances].toSorted((one, other) => (one.updated_at < other.updated_at ? 1 : -1)).slice(0, 50);
}

function htmlOf({ incident_updates, components }: IncidentDocument): string {
  const named = components.map(({ name, status }) => `${name} (${status.replaceAll("_", " ")})`);
  const affected = named.length === 0 ? "" : `<p>${escaped(named.join(", "))}</p>`;
  const updates = incident_updates.map(
    ({ created_at, status, body }) => `<p><b>${escaped(status.replaceAll("_", " "))}</b> – ${created_at}<br>${escaped(body)}</p>`,
  );
  return `${updates.join("")}${affected}`;
}

/** As text of XML: what it does not allow at all is left out. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\P{Cc}]|[\ufffe\uffff]/gu, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
