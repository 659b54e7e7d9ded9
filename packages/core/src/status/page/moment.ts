import { html, type Html } from "./html.js";

const formats = new Map<string, Intl.DateTimeFormat>();

/** A moment for people and programs. `at` is ISO 8601, `zone` an IANA name. */
export function moment(at: string, zone: string): Html {
  let format = formats.get(zone);
  if (format === undefined) {
    const shown = { dateStyle: "medium", timeStyle: "short", timeZone: zone } as const;
    format = new Intl.DateTimeFormat("en-GB", shown);
    formats.set(zone, format);
  }
  return html`<time datetime="${at}">${format.format(Date.parse(at))} ${zone}</time>`;
}
