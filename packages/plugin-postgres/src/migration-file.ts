import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fail, type MigrationPhase, type SchemaCompatibility } from "@fairlead/core";
import { postgresErrors } from "./postgres-errors.js";

/** A migration as its file says it. */
export interface MigrationFile {
  /** The file's name without `.sql`. */
  readonly id: string;
  readonly sql: string;
  /** `sha256:<hex>` of the text without byte order mark, with line feeds, and without blanks at the ends of lines: editors and git on other systems do not change it. */
  readonly checksum: string;
  readonly phase: MigrationPhase;
  readonly compatibility: SchemaCompatibility;
}

const phases = ["expand", "backfill", "contract"] as const;
const compatibilities = ["code-only", "needs-down", "irreversible"] as const;

/** Reads all `*.sql` files of a folder, ordered by name, character by character (so `0002` comes before `10`). Sub-folders and other files do not count. */
export async function readMigrationFolder(folder: string): Promise<readonly MigrationFile[]> {
  const path = resolve(folder);
  try {
    const entries = await readdir(path, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isFile() && entry.name.endsWith(".sql")).map(({ name }) => name);
    return await Promise.all(names.sort(byCharacters).map(async (name) => parse(name, await readFile(join(path, name), "utf8"))));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && typeof error.code === "string" && "syscall" in error)) throw error;
    throw fail(postgresErrors, "POSTGRES_FOLDER_UNREADABLE", { folder: path, problem: error.code });
  }
}

function byCharacters(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function parse(file: string, text: string): MigrationFile {
  const sql = text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
  const directives = directivesOf(file, sql);
  const phase = phases.find((name) => directives.includes(name)) ?? "expand";
  return {
    id: file.slice(0, -".sql".length),
    sql,
    checksum: `sha256:${createHash("sha256")
      .update(sql.replace(/[ \t]+$/gm, "").trimEnd())
      .digest("hex")}`,
    phase,
    compatibility: compatibilities.find((name) => directives.includes(name)) ?? (phase === "contract" ? "irreversible" : "code-only"),
  };
}

/** Directives stand in the comment lines before the first statement. */
function directivesOf(file: string, sql: string): readonly string[] {
  const lines = sql.split("\n");
  const end = lines.findIndex((line) => line.trim() !== "" && !line.trim().startsWith("--"));
  return lines.slice(0, end === -1 ? undefined : end).flatMap((line, index) => {
    const directive = /^\s*--\s*fairlead:\s*(.*?)\s*$/.exec(line)?.[1];
    if (directive === undefined) return [];
    if ([...phases, ...compatibilities].some((known) => known === directive)) return [directive];
    throw fail(postgresErrors, "POSTGRES_DIRECTIVE_UNKNOWN", { file, line: index + 1, directive });
  });
}
