/** A file that holds the way there and the way back, as its tool reads it. */
interface Marks {
  readonly up: RegExp;
  readonly down: RegExp;
  /** What says that it runs without a transaction. */
  readonly alone?: RegExp;
}

/** dbmate, goose, sql-migrate, node-pg-migrate. */
const tools: readonly Marks[] = [
  { up: /^--\s*migrate:up\b/, down: /^--\s*migrate:down\b/, alone: /^--\s*migrate:up\b.*\btransaction:\s*false\b/m },
  { up: /^--\s*\+goose\s+up\b/i, down: /^--\s*\+goose\s+down\b/i, alone: /^--\s*\+goose\s+no\s+transaction\b/im },
  { up: /^--\s*\+migrate\s+up\b/i, down: /^--\s*\+migrate\s+down\b/i, alone: /^--\s*\+migrate\s+up\b.*\bnotransaction\b/im },
  { up: /^--[\s-]*up\s+migration\b/i, down: /^--[\s-]*down\s+migration\b/i },
];

/** What runs, and what takes it back. */
export interface Sections {
  /** Every line is where it is in the file. */
  readonly up: string;
  readonly down: string | undefined;
  readonly alone: boolean;
}

/** Only with a mark where the way there begins: without one, a way back is a mistake that must be said. */
export function sectionsOf(text: string): Sections {
  // Most files have none.
  if (!/^--[\s-]*(?:\+?migrate|\+goose|up\s+migration)/im.test(text)) return { up: text, down: undefined, alone: false };
  const lines = text.split("\n");
  const tool = tools.find(({ up }) => lines.some((line) => up.test(line)));
  if (tool === undefined) return { up: text, down: undefined, alone: false };
  const parts = { up: lines.map(() => ""), down: lines.map(() => "") };
  let part: keyof typeof parts = "up";
  for (const [index, line] of lines.entries()) {
    if (tool.up.test(line)) part = "up";
    else if (tool.down.test(line)) part = "down";
    parts[part][index] = line;
  }
  const down = parts.down.join("\n").trimEnd();
  return { up: parts.up.join("\n").trimEnd(), down: down === "" ? undefined : down, alone: tool.alone?.test(text) ?? false };
}
