import { readFolder } from "../folder/read-folder.js";
import { newSchema } from "../schema/known-schema.js";
import { loadParser } from "../sql/parser.js";
import { inspectFiles } from "./inspect-files.js";
import type { Inspection } from "./inspection.js";

/** Options of `lintFolder`. */
export interface LintFolderOptions {
  /** Folder of SQL files, relative to where the process runs. */
  readonly folder: string;
  /** Migrations to speak of, by their names without `.sql`; the others are only read for what they make. Default all. */
  readonly only?: readonly string[];
}

/**
 * Reads the migrations of a folder in the order in which they run and says what each does: the locks of its statements, what they write anew, and what the rules have against them. Asks no database, so
 * that sizes are not known. Rejects with `POSTGRES_FOLDER_UNREADABLE`; what cannot be parsed is a finding.
 */
export async function lintFolder({ folder, only }: LintFolderOptions): Promise<readonly Inspection[]> {
  const files = await readFolder(folder);
  const inspections = inspectFiles(files, { parser: await loadParser(), schema: newSchema({ complete: false }) });
  return only === undefined ? inspections : inspections.filter(({ id }) => only.includes(id));
}
