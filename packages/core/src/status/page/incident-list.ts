import { isOpen, type Incident, type StatusUpdate } from "../incident.js";
import type { ShownMaintenance, StatusSnapshot } from "../snapshot.js";
import { html, type Html } from "./html.js";
import { moment } from "./moment.js";
import { createRoom, type Room } from "./room.js";
import { shortened } from "./shortened.js";

/** So many that are over are on the page; more are in the feeds. */
const mostPast = 20;
/** Of a text the page shows a part, in bytes: the rest is in the feeds. */
const mostOfCurrent = 2_000;
const mostOfPast = 400;
const mostOfTitle = 200;
const mostUpdates = 10;
/** What of the room for words is for each of the parts, whatever is written. */
const shares = { current: 0.45, maintenance: 0.2, past: 0.35 };

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

/** `room`: for the words of all parts, in bytes. */
export function currentIncidents(incidents: readonly Incident[], { page, components }: StatusSnapshot, room: number): Html {
  const titles = new Map(components.map(({ name, title }) => [name, title]));
  const left = createRoom(room * shares.current);
  // Of each what was said last, before more is said of any.
  const newest = incidents.flatMap((incident) => {
    const title = left.text(incident.title, mostOfTitle);
    const [update] = incident.updates;
    const text = title === null || update === undefined ? null : left.text(update.body, mostOfCurrent);
    return title === null ? [] : [{ incident, title, text }];
  });
  const more = incidents.length - newest.length;
  return html`<section>
    <h2>Current incidents</h2>
    ${newest.map(({ incident, title, text }) => {
      const affected = Object.keys(incident.components).map((name) => titles.get(name) ?? name);
      return html`<article id="${incident.id}">
        <h3>${title}</h3>
        <p class="soft">
          Since
          ${moment(incident.startedAt, page.timeZone)}${affected.length > 0 && html` · affects ${left.text(affected.join(", "), 300) ?? "…"}`}
        </p>
        <ol>
          ${incident.updates.slice(0, 1).flatMap((update) => (text === null ? [] : [updateItem(update, text, page.timeZone)]))}${updateItems(
            incident.updates.slice(1, mostUpdates),
            { zone: page.timeZone, most: mostOfCurrent, left },
          )}
        </ol>
      </article>`;
    })}${more > 0 && html`<p class="soft">And ${more} more: all of them are in the feeds.</p>`}
  </section>`;
}

/** What goes on and what is to come, the next first. */
export function maintenances({ maintenances: all, page, components }: StatusSnapshot, room: number): Html | null {
  const titles = new Map(components.map(({ name, title }) => [name, title]));
  const coming = all.filter(({ status }) => status !== "completed").toSorted((one, other) => (one.from < other.from ? -1 : 1));
  if (coming.length === 0) return null;
  const left = createRoom(room * shares.maintenance);
  const shown = coming.flatMap((maintenance) => {
    const title = left.text(maintenance.title, mostOfTitle);
    return title === null ? [] : [{ maintenance, title }];
  });
  const more = coming.length - shown.length;
  return html`<section>
    <h2>Maintenance</h2>
    ${shown.map(({ maintenance, title }) => {
      const affected = maintenance.components.map((name) => titles.get(name) ?? name);
      return html`<article id="${maintenance.id}">
        <h3>${title}</h3>
        <p class="soft">
          <b>${words[maintenance.status] ?? ""}</b> · ${moment(maintenance.from, page.timeZone)} to
          ${moment(maintenance.until, page.timeZone)}${affected.length > 0 && html` · ${left.text(affected.join(", "), 300) ?? "…"}`}
        </p>
        <ol>
          ${updateItems(maintenance.updates.slice(0, mostUpdates), { zone: page.timeZone, most: mostOfCurrent, left })}
        </ol>
      </article>`;
    })}${more > 0 && html`<p class="soft">And ${more} more: all of them are in the feeds.</p>`}
  </section>`;
}

/** What is over, the newest first; each opens to what was said. */
export function pastIncidents({ incidents, maintenances: all, page }: StatusSnapshot, room: number): Html {
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
  const left = createRoom(room * shares.past);
  return html`<section>
    <h2>Past incidents</h2>
    ${shown.map(
      (one) =>
        html`<details id="${one.id}">
          <summary>
            ${left.text(one.title, mostOfTitle) ?? shortened(one.title, 40)}
            <span class="soft">${moment(beganAt(one), page.timeZone)}</span>
          </summary>
          <ol>
            ${updateItems(one.updates.slice(0, mostUpdates), { zone: page.timeZone, most: mostOfPast, left })}
          </ol>
        </details>`,
    )}
  </section>`;
}

function beganAt(one: Incident | ShownMaintenance): string {
  return "startedAt" in one ? one.startedAt : one.from;
}

/** The newest first, as long as there is room. */
function updateItems(
  updates: readonly StatusUpdate<string>[],
  { zone, most, left }: { readonly zone: string; readonly most: number; readonly left: Room },
): readonly Html[] {
  return updates.flatMap((update) => {
    const text = left.text(update.body, most);
    return text === null ? [] : [updateItem(update, text, zone)];
  });
}

function updateItem({ status, at }: StatusUpdate<string>, text: string, zone: string): Html {
  return html`<li>
    <p><b>${words[status] ?? status}</b> – ${text}</p>
    <p class="soft">${moment(at, zone)}</p>
  </li>`;
}
