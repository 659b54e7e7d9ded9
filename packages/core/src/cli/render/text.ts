import { stripVTControlCharacters } from "node:util";
import truncatedWidth from "fast-string-truncated-width";
import { wrapAnsi } from "fast-wrap-ansi";

// eslint-disable-next-line no-control-regex -- these are what a terminal must not be sent
const control = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g;

/** What begins a line that some CI systems take for a command. */
const workflowCommand = /^(\s*):(?=:)/gm;

/** Text that came from elsewhere, without anything that a terminal or a CI system would obey. Line breaks stay. */
export function plainText(text: string): string {
  const lines = stripVTControlCharacters(text).replaceAll("\r\n", "\n").replaceAll("\t", "  ").replaceAll(control, "");
  return lines.replaceAll(workflowCommand, "$1: ");
}

/** The same on one line. */
export function oneLine(text: string): string {
  return plainText(text)
    .replaceAll(/\s*\n\s*/g, " ")
    .trim();
}

/** Columns that a text takes on a terminal. */
export function widthOf(text: string): number {
  return truncatedWidth(text).width;
}

/** Cuts what does not fit into the width, with an ellipsis in its place. For text without styles. */
export function fit(text: string, width: number): string {
  if (width <= 0) return "";
  if (width === Infinity) return text;
  const { index, ellipsed } = truncatedWidth(text, { limit: width, ellipsis: "…", ellipsisWidth: 1 });
  return ellipsed ? `${text.slice(0, index)}…` : text.slice(0, index);
}

/** Fills up with spaces; never cuts. */
export function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

/** Lines of at most `width` columns; the first begins with `first`, the others with as many spaces. What was indented stays so. */
export function wrap(text: string, width: number, first = ""): readonly string[] {
  const indent = " ".repeat(widthOf(first));
  const rows = text.split("\n").flatMap((line) => wrapLine(line, Math.max(10, width - indent.length)));
  return rows.map((row, index) => `${index === 0 ? first : indent}${row}`.trimEnd());
}

function wrapLine(line: string, width: number): readonly string[] {
  if (width === Infinity) return [line];
  const content = line.trimStart();
  const lead = " ".repeat(Math.min(line.length - content.length, Math.max(0, width - 10)));
  return wrapAnsi(content, width - lead.length, { hard: true })
    .split("\n")
    .map((row) => `${lead}${row}`);
}
