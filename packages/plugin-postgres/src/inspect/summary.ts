const longest = 90;

/** The first words of a statement in one line, without literals: they may be anybody's data. */
export function summaryOf(text: string): string {
  const plain = text
    .replaceAll(/--[^\n]*/g, " ")
    .replaceAll(/\$(\w*)\$[\s\S]*?\$\1\$/g, "$$…$$")
    .replaceAll(/'(?:[^']|'')*'/g, "'…'")
    .replaceAll(/\s+/g, " ")
    .trim();
  return plain.length > longest ? `${plain.slice(0, longest - 1)}…` : plain;
}
