import type { MigrationPhase, SchemaCompatibility } from "@fairlead/core";
import { phases } from "./phases.js";

/** What a file says about itself in the comments before its first statement. */
export interface Directives {
  readonly phase: MigrationPhase;
  /** Whether the phase is what somebody wrote, and not what is taken where nothing is written. */
  readonly declared: boolean;
  readonly compatibility: SchemaCompatibility;
  /** Whether the compatibility is what somebody wrote, and not what is taken where nothing is written. */
  readonly stated: boolean;
  /** Whether it runs in a transaction. */
  readonly transaction: boolean;
}

/** Something wrong with a file, at one of its lines. */
export interface FileProblem {
  readonly line: number;
  readonly message: string;
  readonly hint: string;
}

const compatibilities = ["code-only", "needs-down", "irreversible"] as const;
const words: readonly string[] = [...phases, ...compatibilities, "no-transaction"];

const wordsHint = `There are ${words.join(", ")}.`;

/** A comment that may be meant for us, however it is written. */
const comment = /^\s*--\s*fairlead\b\s*(:?)(.*)$/i;
const wellWritten = /^\s*-- ?fairlead:(.*)$/;

/** In files of other tools: behind it is the way back, which would run behind the way there. */
const wayBack = /^\s*--\s*(?:migrate:down|\+goose\s+down|\+migrate\s+down|down\s+migration)\b/i;

/** Reads `-- fairlead: contract, no-transaction`. What cannot be understood is a problem: passed over, it would run as if it had not been said. */
export function readDirectives(text: string): { readonly directives: Directives; readonly problems: readonly FileProblem[] } {
  const lines = text.split("\n");
  const isComment = (line: string): boolean => line.trim() === "" || line.trim().startsWith("--");
  const first = lines.findIndex((line) => !isComment(line));
  const found: { readonly word: string; readonly line: number }[] = [];
  const problems: FileProblem[] = [];
  for (const [index, content] of lines.entries()) {
    const line = index + 1;
    if (wayBack.test(content)) problems.push(wayBackProblem(line, content));
    if (!isMeant(content)) continue;
    const written = wellWritten.exec(content)?.[1];
    if (written === undefined) problems.push({ line, message: `"${content.trim()}" is no directive.`, hint: "Write `-- fairlead: …`." });
    else if (first !== -1 && index > first)
      problems.push({ line, message: "a directive stands behind the first statement.", hint: "Move it to the beginning of the file." });
    else found.push(...wordsOf(written).map((word) => ({ word, line })));
  }
  for (const { word, line } of found) {
    if (!words.includes(word)) problems.push({ line, message: `"${word}" is no directive.`, hint: wordsHint });
  }
  problems.push(...contradictions(found, phases), ...contradictions(found, compatibilities));
  const has = (word: string): boolean => found.some((one) => one.word === word);
  const declared = phases.find(has);
  const phase = declared ?? "expand";
  const compatibility = compatibilities.find(has);
  return {
    directives: {
      phase,
      declared: declared !== undefined,
      compatibility: compatibility ?? (phase === "contract" ? "irreversible" : "code-only"),
      stated: compatibility !== undefined,
      transaction: !has("no-transaction"),
    },
    problems: problems.sort((one, other) => one.line - other.line),
  };
}

/** With a colon, or with nothing but our words: a sentence that begins with the name is none. */
function isMeant(content: string): boolean {
  const [, colon, rest = ""] = comment.exec(content) ?? [];
  if (colon === undefined) return false;
  return colon === ":" || wordsOf(rest).every((word) => words.includes(word.toLowerCase()));
}

/** `""` where nothing is written: a directive too, and none that there is. */
function wordsOf(written: string): readonly string[] {
  const trimmed = written.trim();
  return trimmed === "" ? [""] : trimmed.split(/[\s,]+/);
}

function contradictions(
  found: readonly { readonly word: string; readonly line: number }[],
  alternatives: readonly string[],
): readonly FileProblem[] {
  const [first, ...others] = found.filter(({ word }) => alternatives.includes(word));
  const other = others.find(({ word }) => word !== first?.word);
  if (first === undefined || other === undefined) return [];
  return [{ line: other.line, message: `"${other.word}" contradicts "${first.word}".`, hint: "Keep one of them." }];
}

function wayBackProblem(line: number, content: string): FileProblem {
  return {
    line,
    message: `"${content.trim()}" begins a way back, which would run behind the way there.`,
    hint: "Keep the way there only: going back is a migration of its own.",
  };
}
