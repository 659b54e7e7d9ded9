/** Of a constraint, from its first word to the end of the statement: says that old rows are not looked at. Only where nothing follows it. */
export function notValid(text: string): string {
  let depth = 0;
  for (const character of text) {
    if (character === "(") depth += 1;
    if (character === ")") depth -= 1;
    if (character === "," && depth === 0) return text;
  }
  return `${text} not valid`;
}

export function concurrentIndex(text: string): string {
  return text.replace(/^(create\s+(?:unique\s+)?index)\b/i, "$1 concurrently");
}

/** Only one index can be dropped so. */
export function concurrentDrop(text: string): string {
  return text.includes(",") || /\bcascade\b/i.test(text) ? text : text.replace(/^(drop\s+index)\b/i, "$1 concurrently");
}
