import type { InspectionFinding } from "./inspection.js";

type Fix = NonNullable<InspectionFinding["fix"]>;

/** A file's content with what is mechanical mended. */
export interface Fixed {
  readonly content: string;
  /** How many of the fixes are in it. */
  readonly count: number;
}

/**
 * Puts fixes into the content of a file. `text` is what is read of it: its lines are where they are in the content, other things of it are not. Of two that are about the same place the first is taken, and none where the content says
 * something else than what was read. Line ends stay as they are.
 */
export function fixContent(content: string, text: string, fixes: readonly Fix[]): Fixed {
  const toContent = placesIn(content, text);
  const lineEnd = content.includes("\r\n") ? "\r\n" : "\n";
  const taken: { readonly start: number; readonly end: number; readonly text: string }[] = [];
  for (const fix of fixes) {
    const [start, end] = [toContent(fix.start), toContent(fix.end)];
    const isSame = content.slice(start, end).replaceAll("\r\n", "\n") === text.slice(fix.start, fix.end);
    const isFree = taken.every((one) => end < one.start || start > one.end);
    if (isSame && isFree) taken.push({ start, end, text: fix.text.replaceAll("\n", lineEnd) });
  }
  const lastFirst = taken.toSorted((one, other) => other.start - one.start);
  return {
    content: lastFirst.reduce((before, { start, end, text: after }) => before.slice(0, start) + after + before.slice(end), content),
    count: taken.length,
  };
}

/** Where a place of the text is in the content: in the same line and column. */
function placesIn(content: string, text: string): (index: number) => number {
  const starts = [content.startsWith("\uFEFF") ? 1 : 0];
  for (let end = content.indexOf("\n"); end !== -1; end = content.indexOf("\n", end + 1)) starts.push(end + 1);
  return (index) => {
    const before = text.slice(0, index);
    const line = before.split("\n").length - 1;
    return (starts[line] ?? content.length) + before.length - (before.lastIndexOf("\n") + 1);
  };
}
