/** A regular expression in JSON. */
export interface WrittenExpression {
  readonly source: string;
  readonly flags: string;
}

/** A test for a pattern: in a text `*` stands for one segment and `**` for any number of them. */
export function toMatcher(pattern: string | WrittenExpression): (text: string) => boolean {
  const expression = typeof pattern === "string" ? toExpression(pattern) : new RegExp(pattern.source, pattern.flags);
  return (text) => text.search(expression) !== -1;
}

function toExpression(pattern: string): RegExp {
  const source = pattern.replace(/\*\*|\*|[\\^$.|?+()[\]{}]/g, (part) => (part === "**" ? ".*" : part === "*" ? "[^/]*" : `\\${part}`));
  return new RegExp(`^${source}$`);
}
