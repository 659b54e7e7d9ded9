import { createHash } from "node:crypto";
import { TextDecoder } from "node:util";
import { readDirectives, type Directives, type FileProblem } from "./directives.js";

/** A migration as its file says it. */
export interface MigrationFile extends Directives {
  /** The file's name without `.sql`. */
  readonly id: string;
  /** Where it is, for people. */
  readonly path: string;
  /** What runs: the file without byte order mark, with line feeds only, without blanks and line feeds at its end. */
  readonly text: string;
  /** `sha256:<hex>` of `text`. */
  readonly checksum: string;
  readonly problems: readonly FileProblem[];
}

/** Reads a file's content. Never throws: what is wrong with it is among its problems. */
export function parseMigration(id: string, path: string, content: Uint8Array): MigrationFile {
  const { text, problem } = decode(content);
  const { directives, problems } = readDirectives(text);
  return {
    id,
    path,
    text,
    checksum: `sha256:${createHash("sha256").update(text).digest("hex")}`,
    ...directives,
    problems: [...nameProblems(id), ...(problem === undefined ? [] : [problem]), ...problems],
  };
}

/** Other tools keep the way back in a file beside the way there. */
function nameProblems(id: string): readonly FileProblem[] {
  if (!/\.(down|undo)$/i.test(id)) return [];
  return [
    { line: 1, message: "its name says that it is a way back.", hint: "Move it out of the folder: going back is a migration of its own." },
  ];
}

function decode(content: Uint8Array): { readonly text: string; readonly problem?: FileProblem } {
  const read = (decoder: TextDecoder): string => decoder.decode(content).replaceAll("\r\n", "\n").trimEnd();
  try {
    const text = read(new TextDecoder("utf-8", { fatal: true }));
    // The server takes a text up to its first NUL.
    const nul = text.indexOf("\0");
    if (nul === -1) return { text };
    return { text, problem: unreadable(text.slice(0, nul).split("\n").length, "it holds a NUL character.") };
  } catch {
    return { text: read(new TextDecoder("utf-8")), problem: unreadable(1, "it is not written in UTF-8.") };
  }
}

function unreadable(line: number, message: string): FileProblem {
  return { line, message, hint: "Save it as UTF-8." };
}
