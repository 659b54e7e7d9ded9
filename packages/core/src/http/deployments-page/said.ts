import { html, type Html } from "../../status/page/html.js";

/** What colours and moves the cursor in a terminal, what turns the direction of all that follows, and what no page shows. */
// eslint-disable-next-line no-control-regex -- These are what has to go.
const unwanted = /\u001b\[[0-9;?]*[ -/]*[@-~]|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

const escaped: Readonly<Record<string, number>> = { "&": 5, "<": 4, ">": 4, '"': 6 };

/** What others have said: by itself in its own direction, and at most so many bytes of the page, so that no text makes it long. */
export function said(text: string, most = 240): Html {
  return html`<bdi>${shortened(text, most)}</bdi>`;
}

/** For attributes, titles and texts that are no markup. */
export function shortened(text: string, most: number): string {
  // Of a long text only its beginning is looked at.
  const clean = text.slice(0, most * 2).replaceAll(unwanted, "");
  let bytes = 0;
  let end = 0;
  for (const character of clean) {
    bytes += escaped[character] ?? Buffer.byteLength(character);
    if (bytes > most) return `${clean.slice(0, end)}…`;
    end += character.length;
  }
  return text.length > most * 2 ? `${clean}…` : clean;
}

/** The part of an id by which people tell it from others. */
export function shortId(id: string): string {
  const [, prefix, tail] = /^([a-z]+_).{4,}(.{8})$/.exec(id) ?? [];
  return prefix === undefined || tail === undefined ? shortened(id, 24) : `${prefix}…${tail}`;
}

export function shortCommit(commit: string): string {
  return shortened(commit, 7).replace("…", "");
}
