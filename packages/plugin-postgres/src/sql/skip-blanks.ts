// Comments between slash and star may hold others, as PostgreSQL reads them.

/** The index of the first character behind blanks and comments. */
export function skipBlanks(text: string, from: number, end: number): number {
  let at = from;
  while (at < end) {
    const next = skipOne(text, at);
    if (next === at) break;
    at = next;
  }
  return Math.min(at, end);
}

const blanks: ReadonlySet<string> = new Set([" ", "\t", "\n", "\r", "\f", "\v"]);

function skipOne(text: string, at: number): number {
  if (blanks.has(text.charAt(at))) return at + 1;
  if (text.startsWith("--", at)) {
    const length = text.slice(at).search(/[\n\r]/);
    return length === -1 ? text.length : at + length;
  }
  return text.startsWith("/*", at) ? endOfComment(text, at) : at;
}

function endOfComment(text: string, from: number): number {
  const mark = /\/\*|\*\//g;
  mark.lastIndex = from;
  let depth = 0;
  for (let found = mark.exec(text); found !== null; found = mark.exec(text)) {
    depth += found[0] === "/*" ? 1 : -1;
    if (depth === 0) return mark.lastIndex;
  }
  return text.length;
}
