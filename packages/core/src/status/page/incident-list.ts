import { isOpen, type Incident, type StatusUpdate } from "../incident.js";
import type { ShownMaintenance, StatusSnapshot } from "../snapshot.js";
import { html, type Html } from "./html.js";
import { moment } from "./moment.js";

/** So many that are over are on the page; more are in the feeds. */
const mostPast = 20;
/** Of what is over the page shows a part of each text, in characters. */
const mostOfPast = 400;
const mostUpdates = 10;

const words: Readonly<Record<string, string>> = {
  investigating: "Investigating",
  identified: "Identified",
  monitoring: "Monitoring",
  resolved: "Resolved",
  postmortem: "Post-mortem",
  scheduled: "Scheduled",
  in_progress: "In progress",
  verifying: "Verifying",
  completed: "Completed",
};

export function currentIncidents(incidents: readonly Incident[], { page, components }: StatusSnapshot): Html {
  const titles = new Map(components.map(({ name, title }) => [name, title]));
  return html`<section>
    <h2>Current incidents</h2>
    ${incidents.map((incident) => {
      const affected = Object.keys(incident.components).map((name) => titles.get(name) ?? name);
      return html`<article id="${incident.id}">
        <h3>${incident.title}</h3>
        <p class="soft">
          Since ${moment(incident.startedAt, page.timeZone)}${affected.length > 0 && html` · affects ${affected.join(", ")}`}
        </p>
        <ol>
          ${incident.updates.slice(0, mostUpdates).map((update) => updateItem(update, page.timeZone, 2_000))}
        </ol>
      </article>`;
    })}
  </section>`;
}

/** What goes on and what is to come, the next first. */
export function maintenances({ maintenances: all, page, components }: StatusSnapshot): Html | null {
  const titles = new Map(components.map(({ name, title }) => [name, title]));
  const coming = all.filter(({ status }) => status !== "completed").toSorted((one, other) => (one.from < other.from ? -1 : 1));
  if (coming.length === 0) return null;
  return html`<section>
    <h2>Maintenance</h2>
    ${coming.map((maintenance) => {
      const affected = maintenance.components.map((name) => titles.get(name) ?? name);
      return html`<article id="${maintenance.id}">
        <h3>${maintenance.title}</h3>
        <p class="soft">
          <b>${words[maintenance.status] ?? ""}</b> · ${moment(maintenance.from, page.timeZone)} to
          ${moment(maintenance.until, page.timeZone)}${affected.length > 0 && html` · ${affected.join(", ")}`}
        </p>
        <ol>
          ${maintenance.updates.slice(0, mostUpdates).map((update) => updateItem(update, page.timeZone, 2_000))}
        </ol>
      </article>`;
    })}
  </section>`;
}

/** What is over, the newest first; each opens to what was said. */
export function pastIncidents({ incidents, maintenances: all, page }: StatusSnapshot): Html {
  const past: readonly (Incident | ShownMaintenance)[] = [
    ...incidents.filter((incident) => !isOpen(incident)),
    ...all.filter(({ status }) => status === "completed"),
  ];
  const shown = past.toSorted((one, other) => (beganAt(one) < beganAt(other) ? 1 : -1)).slice(0, mostPast);
  if (shown.length === 0)
    return html`<section>
      <h2>Past incidents</h2>
      <p>None.</p>
    </section>`;
  return html`<section>
    <h2>Past incidents</h2>
    ${shown.map(
      (one) =>
        html`<details id="${one.id}">
          <summary>${one.title} <span class="soft">${moment(beganAt(one), page.timeZone)}</span></summary>
          <ol>
            ${one.updates.slice(0, mostUpdates).map((update) => updateItem(update, page.timeZone, mostOfPast))}
          </ol>
        </details>`,
    )}
  </section>`;
}

function beganAt(one: Incident | ShownMaintenance): string {
  return "startedAt" in one ? one.startedAt : one.from;
}

function updateItem({ status, at, body }: StatusUpdate<string>, zone: string, most: number): Html {
  const text = body.length > most ? `${body.slice(0, most)}…` : body;
  return html`<li>
    <p><b>${words[status] ?? status}</b> – ${text}</p>
    <p class="soft">${moment(at, zone)}</p>
  </li>`;
}
