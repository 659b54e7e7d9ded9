/** A part of a text that shows a secret. */
export interface Range {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

const opening = "[redacted:";

/** What stands where a secret stood. */
function maskOf(name: string): string {
  return `${opening}${name}]`;
}

/** The masks of these names that a text already holds. */
export function masksIn(text: string, names: ReadonlySet<string>): Range[] {
  const masks: Range[] = [];
  for (let start = text.indexOf(opening); start >= 0; start = text.indexOf(opening, start + 1)) {
    const close = text.indexOf("]", start);
    const name = close < 0 ? "" : text.slice(start + opening.length, close);
    if (names.has(name)) masks.push({ start, end: close + 1, name });
  }
  return masks;
}

/** Where a mask begins that is not yet finished at the end of a text, or the text's length. */
export function unfinishedMaskAt(text: string, names: ReadonlySet<string>): number {
  const start = text.lastIndexOf("[");
  if (start < 0) return text.length;
  const rest = text.slice(start);
  const begins =
    opening.startsWith(rest) ||
    (rest.startsWith(opening) && [...names].some((name) => maskOf(name).startsWith(rest) && maskOf(name) !== rest));
  return begins ? start : text.length;
}

/** The text with ranges, which are in order and do not overlap, replaced by masks. */
export function masked(text: string, ranges: readonly Range[]): string {
  let result = "";
  let at = 0;
  for (const { start, end, name } of ranges) {
    result += text.slice(at, start) + maskOf(name);
    at = end;
  }
  return result + text.slice(at);
}
