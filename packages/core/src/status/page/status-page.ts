import type { ComponentStatus } from "../component-status.js";
import { isOpen } from "../incident.js";
import type { ShownComponent, StatusSnapshot } from "../snapshot.js";
import { statusWords } from "../wording.js";
import { bars, letters, percentage } from "./bars.js";
import { html, trusted, type Html } from "./html.js";
import { currentIncidents, maintenances, pastIncidents } from "./incident-list.js";
import { moment } from "./moment.js";
import { pagePolicy } from "./policy.js";
import { script } from "./script.js";
import { sparkline } from "./sparkline.js";
import { style } from "./style.js";

/** Where a page finds what belongs to it, and whether the server tells it of changes. */
export interface PageLinks {
  readonly atom: string;
  readonly rss: string;
  readonly live: boolean;
}

/** Without forms. */
export const contentSecurityPolicy = pagePolicy({ style, script }, "form-action 'none'");

/** The status for people: one document with all that it needs, which says everything without a script. */
export function statusPage(snapshot: StatusSnapshot, links: PageLinks): string {
  const { page, rollUp, version } = snapshot;
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}" />
        <title>${rollUp.description} – ${page.name}</title>
        <link rel="icon" href="data:," />
        <link rel="alternate" type="application/atom+xml" href="${links.atom}" />
        <link rel="alternate" type="application/rss+xml" href="${links.rss}" />
        ${trusted(`<style>${style}</style>`)}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the status</a>
        <header><h1>${page.name}: status</h1></header>
        <main id="main" tabindex="-1" data-version="${version}" data-live="${links.live ? "yes" : ""}">${main(snapshot)}</main>
        <footer>History: <a href="${links.atom}">Atom</a>, <a href="${links.rss}">RSS</a></footer>
        ${trusted(`<script>${script}</script>`)}
      </body>
    </html> `;
  return document.markup;
}

function main(snapshot: StatusSnapshot): Html {
  const { rollUp, page, updatedAt, stale, deployment, incidents, components, today } = snapshot;
  const open = incidents.filter(isOpen);
  const list = componentLists(components, today);
  const room = Math.max(leastRoom, mostOfPage - list.reduce((sum, { markup }) => sum + Buffer.byteLength(markup), 0));
  return html`<p class="banner ${colourOf(rollUp.indicator)}" role="status">${rollUp.description}</p>
    <p class="soft note">${stale ? "Nobody has looked since" : "As of"} ${moment(updatedAt, page.timeZone)}</p>
    ${
      deployment !== null &&
      html`<p class="note">
        ${deployment.kind === "rollback" ? "The version before is being put back" : "A new version is being put in place"}, since
        ${moment(deployment.startedAt, page.timeZone)}.
      </p>`
    }${open.length > 0 && currentIncidents(open, snapshot, room)}${maintenances(snapshot, room)}${list}${pastIncidents(snapshot, room)}`;
}

/** Of the 60 kB what is for components and for words; the rest is the page's own. In bytes. */
const mostOfPage = 42_000;
/** Words have this much room at least, however many components there are. */
const leastRoom = 6_000;

function componentLists(components: readonly ShownComponent[], today: string): readonly Html[] {
  return groupsOf(components).map(([group, members], index) => {
    const title = group ?? (index === 0 ? "Components" : "Others");
    return html`<section>
      <h2>${title}</h2>
      <ul class="c">
        ${members.map((component) => item(component, today))}
      </ul>
    </section>`;
  });
}

function item(component: ShownComponent, today: string): Html {
  const { title, description, status, known, uptime, days, hours } = component;
  const words = known ? statusWords[status] : "No data";
  return html`<li>
    <h3>${title}</h3>
    <span class="s ${letters[status]}">${words}</span>${
      description !== null && html`<p class="soft">${description}</p>`
    }${bars(component, today)}
    <p class="f"><span>${percentage(uptime)} in ${days.length} days</span>${sparkline(hours)}</p>
  </li>`;
}

const colours: Readonly<Record<StatusSnapshot["rollUp"]["indicator"], ComponentStatus>> = {
  none: "operational",
  maintenance: "under_maintenance",
  minor: "degraded_performance",
  major: "partial_outage",
  critical: "major_outage",
};

function colourOf(indicator: StatusSnapshot["rollUp"]["indicator"]): string {
  return letters[colours[indicator]];
}

/** In the order in which they come; those without a group first. */
function groupsOf(components: readonly ShownComponent[]): readonly (readonly [string | null, readonly ShownComponent[]])[] {
  const groups = new Map<string | null, ShownComponent[]>();
  if (components.some(({ group }) => group === null)) groups.set(null, []);
  for (const component of components) groups.set(component.group, [...(groups.get(component.group) ?? []), component]);
  return [...groups];
}
