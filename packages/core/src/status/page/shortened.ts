/** What colours and moves the cursor in a terminal, what turns the direction of all that follows, and what no page shows. */
const unwanted =
  // eslint-disable-next-line no-control-regex -- These are what has to go.
  /\u001b\[[0-9;?]*[ -/]*[@-~]|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

const escaped: Readonly<Record<string, number>> = { "&": 5, "<": 4, ">": 4, '"': 6 };

/** A text without what no page shows, cut by the bytes that it weighs there. */
export function shortened(text: string, most: number): string {
  // Of a long text only its beginning is looked at.
  const clean = text.slice(0, most * 2).replaceAll(unwanted, "");
  let bytes = 0;
  let end = 0;
  for (const character of clean) {
    bytes += weightOf(character);
    if (bytes > most) return `${clean.slice(0, end)}…`;
    end += character.length;
  }
  return text.length > most * 2 ? `${clean}…` : clean;
}

/** What a text weighs on a page, in bytes. */
export function weightOf(text: string): number {
  let bytes = 0;
  for (const character of text) bytes += escaped[character] ?? Buffer.byteLength(character);
  return bytes;
}
