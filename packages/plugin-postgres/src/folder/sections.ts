/** A file that holds the way there and the way back, as its tool reads it. */
interface Marks {
  readonly tools: readonly string[];
  readonly up: RegExp;
  readonly down: RegExp;
  /** What says that it runs without a transaction. */
  readonly alone?: RegExp;
}

/** What runs files without marks too; both keep more than a number. */
const plainTools = ["node-pg-migrate", "Supabase"];

/** dbmate, goose, sql-migrate, node-pg-migrate. */
const tools: readonly Marks[] = [
  { tools: ["dbmate"], up: /^--\s*migrate:up\b/, down: /^--\s*migrate:down\b/, alone: /^--\s*migrate:up\b.*\btransaction:\s*false\b/m },
  { tools: ["goose"], up: /^--\s*\+goose\s+up\b/i, down: /^--\s*\+goose\s+down\b/i, alone: /^--\s*\+goose\s+no\s+transaction\b/im },
  {
    tools: ["sql-migrate"],
    up: /^--\s*\+migrate\s+up\b/i,
    down: /^--\s*\+migrate\s+down\b/i,
    alone: /^--\s*\+migrate\s+up\b.*\bnotransaction\b/im,
  },
  { tools: plainTools, up: /^--[\s-]*up\s+migration\b/i, down: /^--[\s-]*down\s+migration\b/i },
];

/** What runs, and what takes it back. */
export interface Sections {
  /** Every line is where it is in the file. */
  readonly up: string;
  readonly down: string | undefined;
  readonly alone: boolean;
  /** Those whose marks it has, or that need none. */
  readonly tools: readonly string[];
}

/** Only with a mark where the way there begins: without one, a way back is a mistake that must be said. */
export function sectionsOf(text: string): Sections {
  const unmarked: Sections = { up: text, down: undefined, alone: false, tools: plainTools };
  // Most files have none.
  if (!/^--[\s-]*(?:\+?migrate|\+goose|up\s+migration)/im.test(text)) return unmarked;
  const lines = text.split("\n");
  const tool = tools.find(({ up }) => lines.some((line) => up.test(line)));
  if (tool === undefined) return unmarked;
  const parts = { up: lines.map(() => ""), down: lines.map(() => "") };
  let part: keyof typeof parts = "up";
  for (const [index, line] of lines.entries()) {
    if (tool.up.test(line)) part = "up";
    else if (tool.down.test(line)) part = "down";
    parts[part][index] = line;
  }
  const down = parts.down.join("\n").trimEnd();
  return {
    up: parts.up.join("\n").trimEnd(),
    down: down === "" ? undefined : down,
    alone: tool.alone?.test(text) ?? false,
    tools: tool.tools,
  };
}
