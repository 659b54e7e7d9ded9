/** Lines that people who are to agree to something are shown wherever they are asked; the log has them all. */
const most = 60;

export function shownLines(lines: readonly string[]): readonly string[] {
  return lines.length > most ? [...lines.slice(0, most), `and ${String(lines.length - most)} more`] : lines;
}
