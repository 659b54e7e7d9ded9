import type { Session } from "../connection/session.js";
import type { MigrationFile } from "../folder/migration-file.js";

/** A migration that another tool has applied. */
export interface Taken {
  readonly file: MigrationFile;
  /** ISO 8601, where the tool keeps it. */
  readonly appliedAt: string | null;
  /** Whether the file is no longer what the tool has applied, where it keeps that. */
  readonly edited: boolean;
}

/** What a tool says of a migration that it has not brought to its end, or of which it is told that it was not. */
export interface Unfinished {
  readonly migration: string;
}

/** Another tool's ledger. */
export interface Tool {
  readonly name: string;
  /** Its table, as it is written in SQL. Without a schema it is looked for where the role's `search_path` leads. */
  readonly table: string;
  /** Columns that tell it from the tables of other tools with the same name. */
  readonly columns: readonly string[];
  /** Columns that only the tables of other tools have. */
  readonly without?: readonly string[];
  /** What it has applied of these files, which are written as it has them. */
  read(session: Session, files: readonly MigrationFile[]): Promise<readonly (Taken | Unfinished)[]>;
}

/** The file with this version: the digits that its name begins with. */
export function byVersion(files: readonly MigrationFile[]): ReadonlyMap<string, MigrationFile> {
  return new Map(files.filter(({ repeatable }) => !repeatable).map((file) => [versionOf(file.id), file]));
}

function versionOf(id: string): string {
  const digits = /^[\d-]*\d/.exec(id)?.[0] ?? id;
  // Some keep it as a number, some without the dashes of a date.
  return digits.replaceAll("-", "").replace(/^0+(?=\d)/, "");
}

/** The same for what a tool has kept. */
export function sameVersion(kept: string): string {
  return versionOf(kept);
}

/** How a moment is asked for. */
export function momentOf(column: string): string {
  return `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
