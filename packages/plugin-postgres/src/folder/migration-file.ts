import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { decode } from "./decode.js";
import { readDirectives, type Directives, type FileProblem } from "./directives.js";
import { sectionsOf } from "./sections.js";

/** A migration as its file says it. */
export interface MigrationFile extends Directives {
  /** The file's name without `.sql`, or that of its folder. */
  readonly id: string;
  /** Where it is, for people. */
  readonly path: string;
  /** What runs: the file without byte order mark, with line feeds only, without blanks and line feeds at its end. */
  readonly text: string;
  /** `sha256:<hex>` of `text`. */
  readonly checksum: string;
  /** SHA-256 of the file as it is, in hexadecimal digits: other tools know it by that. */
  readonly digest: string;
  /** CRC-32 of the file's lines without their ends, as a signed number: Flyway knows it by that. `undefined` in folders of others. */
  readonly lineChecksum?: number;
  /** What takes it back, where there is something. */
  readonly down: string | undefined;
  /** Whether it runs again whenever its text has changed. */
  readonly repeatable: boolean;
  /** Whether it is TypeScript or JavaScript, and not SQL. */
  readonly code: boolean;
  /** Names of the tools that it may have been written for: by the folder that it lies in, or by the marks in it. */
  readonly tools: readonly string[];
  readonly problems: readonly FileProblem[];
}

/** What else is known of a file: from other files beside it. */
export interface Beside {
  readonly down?: Uint8Array | undefined;
  readonly alone?: boolean | undefined;
  readonly repeatable?: boolean | undefined;
  readonly placeholders?: boolean | undefined;
  readonly tools?: readonly string[] | undefined;
}

/** Reads a file's content, as bytes or, where it is UTF-8, as the text that these are. Never throws: what is wrong with it is among its problems. */
export function parseMigration(id: string, path: string, content: Uint8Array | string, beside: Beside = {}): MigrationFile {
  const decoded = decode(content);
  const { up: text, down, alone, tools } = sectionsOf(withoutMetaCommands(decoded.text));
  const { directives, problems } = readDirectives(text);
  return {
    id,
    path,
    text,
    checksum: `sha256:${createHash("sha256").update(text).digest("hex")}`,
    // Few ask for it.
    get digest() {
      return createHash("sha256").update(content).digest("hex");
    },
    ...(beside.placeholders === true ? { lineChecksum: lineChecksumOf(content) } : {}),
    ...directives,
    transaction: directives.transaction && !alone && beside.alone !== true,
    down: down ?? (beside.down === undefined ? undefined : decode(beside.down).text),
    repeatable: beside.repeatable === true,
    code: false,
    tools: beside.tools ?? tools,
    problems: [
      ...nameProblems(id),
      ...(decoded.problem === undefined ? [] : [decoded.problem]),
      ...(beside.placeholders === true ? placeholderProblems(text) : []),
      ...environmentProblems(text),
      ...problems,
    ],
  };
}

function lineChecksumOf(content: Uint8Array | string): number {
  const text = typeof content === "string" ? content : new TextDecoder().decode(content);
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
  return lines.reduce((sum, line) => crc32(line, sum), 0) | 0;
}

/** What `pg_dump` writes for `psql` alone, to keep others from putting their own commands into its output. */
function withoutMetaCommands(text: string): string {
  return text.includes("\\") ? text.replaceAll(/^\\(?:un)?restrict [A-Za-z0-9]+$/gm, "") : text;
}

/** Their values are in the settings of another tool. */
function placeholderProblems(text: string): readonly FileProblem[] {
  const found = /\$\{[\w:.]+\}/.exec(text);
  if (found === null) return [];
  const line = text.slice(0, found.index).split("\n").length;
  return [{ line, message: `"${found[0]}" stands for a value that is not known here.`, hint: "Write the value in its place." }];
}

/** goose puts variables of its process in; they are not what was reviewed, and another process has others. */
function environmentProblems(text: string): readonly FileProblem[] {
  const found = /^--\s*\+goose\s+envsub\s+on\b/im.exec(text);
  if (found === null) return [];
  const line = text.slice(0, found.index).split("\n").length;
  return [
    {
      line,
      message: `"${found[0]}" puts in values from the environment, which are not known here.`,
      hint: "Write the values in their place.",
    },
  ];
}

/** Other tools keep the way back in a file beside the way there. */
function nameProblems(id: string): readonly FileProblem[] {
  if (!/\.(down|undo)$/i.test(id)) return [];
  return [
    { line: 1, message: "its name says that it is a way back.", hint: "Move it out of the folder: going back is a migration of its own." },
  ];
}
