/** A text of at most `length` characters, escaped if need be; what is cut off is shown by an ellipsis. Cuts no character and no escape in two. */
export function cut(text: string, length: number, escape: (text: string) => string = (plain) => plain): string {
  for (let room = length; ;) {
    const kept = text.length <= room ? text : beginning(text, room);
    const escaped = escape(kept);
    const excess = escaped.length - length;
    if (excess <= 0) return escaped;
    // No escape makes more than five characters of one: so much less is never too little.
    room = kept.length - Math.max(1, Math.floor(excess / 5));
  }
}

/** The first characters of a text and an ellipsis, `length` in all. */
function beginning(text: string, length: number): string {
  const end = /[\uD800-\uDBFF]/.test(text.charAt(length - 2)) ? length - 2 : length - 1;
  return `${text.slice(0, end)}…`;
}

/** As many of the first lines as fit into `length` characters together. A line is an address or the like, of which a part is worth nothing. */
export function fitting(lines: readonly string[], length: number): string {
  const kept: string[] = [];
  for (const line of lines) if ([...kept, line].join("\n").length <= length) kept.push(line);
  return kept.join("\n");
}
