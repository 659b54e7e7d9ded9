import type { ComponentStatus } from "../component-status.js";
import type { ShownComponent, StatusSnapshot } from "../snapshot.js";
import { html, type Html } from "./html.js";

/** One letter for each status: what a page repeats often is short. */
export const letters: Readonly<Record<ComponentStatus, string>> = Object.freeze({
  operational: "o",
  under_maintenance: "m",
  degraded_performance: "d",
  partial_outage: "p",
  major_outage: "x",
});
const gap = "n";

/** The days as bars: one path per colour, which its dashes cut into days. */
export function bars({ days, uptime }: Pick<ShownComponent, "days" | "uptime">, today: StatusSnapshot["today"]): Html {
  const colours = days.map((day) => (day === null ? gap : letters[day]));
  const paths = [...new Set(colours)].map((colour) => html`<path class="${colour}" d="${pathOf(colours, colour)}" />`);
  const width = 4 * days.length - 1;
  const label = `${percentage(uptime)} in ${days.length} days${badDays(days, today)}`;
  return html`<svg class="b" viewBox="0 0 ${width} 24" preserveAspectRatio="none" role="img" aria-label="${label}">${paths}</svg>`;
}

/** Three wide, one apart; a run of days is one line. */
function pathOf(colours: readonly string[], colour: string): string {
  let path = "M0 12";
  let at = 0;
  for (let index = 0; index < colours.length; index += 1) {
    if (colours[index] !== colour) continue;
    const begin = index;
    while (colours[index + 1] === colour) index += 1;
    const length = 4 * (index - begin + 1) - 1;
    path += `${at === 4 * begin ? "" : `m${4 * begin - at} 0`}h${length}`;
    at = 4 * begin + length;
  }
  return path;
}

/** `99.98 %`; never rounded up to all of it. */
export function percentage(uptime: number | null): string {
  if (uptime === null) return "No data";
  const percent = Math.floor(uptime * 100_000) / 1_000;
  return `${percent === 100 ? "100" : percent.toFixed(percent > 99.9 ? 3 : 2)} %`;
}

/** The newest days that were not well, for those who do not see bars. */
function badDays(days: ShownComponent["days"], today: string): string {
  const bad = days.flatMap((day, index) =>
    day === "partial_outage" || day === "major_outage" ? [dayBefore(today, days.length - 1 - index)] : [],
  );
  if (bad.length === 0) return "";
  const named = bad.slice(-5).toReversed().join(", ");
  return `; outages on ${named}${bad.length > 5 ? ` and ${bad.length - 5} days before` : ""}`;
}

function dayBefore(today: string, count: number): string {
  return new Date(Date.parse(today) - count * 86_400_000).toISOString().slice(0, 10);
}
