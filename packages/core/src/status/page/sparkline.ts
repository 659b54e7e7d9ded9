import { html, type Html } from "./html.js";

const [step, height] = [4, 20];

/** Response times of the last hours as a line, and the last one in words. Nothing where nothing is known. */
export function sparkline(hours: readonly (number | null)[]): Html | null {
  const known = hours.flatMap((hour) => hour ?? []);
  const last = known.at(-1);
  if (last === undefined) return null;
  const most = Math.max(...known, 1);
  const label = `Response times of ${hours.length} hours: ${Math.min(...known)} to ${most} ms`;
  return html`<svg class="k" viewBox="0 -1 ${step * hours.length} ${height + 2}" role="img" aria-label="${label}">
      <path d="${pathOf(hours, most)}" /></svg
    ><span>${last} ms</span>`;
}

/** Each hour is four to the right of the one before, and said as what it differs by; a gap ends the line. */
function pathOf(hours: readonly (number | null)[], most: number): string {
  const heights = hours.map((hour) => (hour === null ? undefined : Math.round(height - (height * hour) / most)));
  return heights.map((y, index) => (y === undefined ? "" : pointOf(y, heights.slice(0, index), index))).join("");
}

function pointOf(y: number, earlier: readonly (number | undefined)[], index: number): string {
  const before = earlier.at(-1);
  // The little line makes an hour alone a dot.
  if (before === undefined) return `M${index * step} ${y}h.1`;
  const by = y - before;
  return `${earlier.at(-2) === undefined ? "l" : " "}${step}${by < 0 ? "" : " "}${by}`;
}
