import { html, type Html } from "../../status/page/html.js";
import { shortened } from "../../status/page/shortened.js";

/** What others have said: by itself in its own direction, and at most so many bytes of the page, so that no text makes it long. */
export function said(text: string, most = 240): Html {
  return html`<bdi>${shortened(text, most)}</bdi>`;
}

/** With what follows a line's end set in, so that no text looks like an entry of its own. */
export function setIn(text: string): string {
  return text.replaceAll(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/g, "\n    ");
}

/** The part of an id by which people tell it from others. */
export function shortId(id: string): string {
  const [, prefix, tail] = /^([a-z]+_).{4,}(.{8})$/.exec(id) ?? [];
  return prefix === undefined || tail === undefined ? shortened(id, 24) : `${prefix}…${tail}`;
}

export function shortCommit(commit: string): string {
  return shortened(commit, 7).replace("…", "");
}
