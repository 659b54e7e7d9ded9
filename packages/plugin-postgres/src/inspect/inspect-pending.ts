import { readContent } from "../adopt/read-content.js";
import type { Session } from "../connection/session.js";
import type { MigrationFile } from "../folder/migration-file.js";
import { inPhases } from "../folder/phases.js";
import { isApplied } from "../ledger/is-applied.js";
import type { Ledger } from "../ledger/ledger.js";
import { readKnownSchema } from "../schema/read-known.js";
import { loadParser } from "../sql/parser.js";
import { findBreaks } from "../survival/find-breaks.js";
import { inspectFiles } from "./inspect-files.js";
import type { Inspection } from "./inspection.js";

/** What is pending would do to the database, in the order in which it would run, on tables of the size that they have. Changes nothing. */
export async function inspectPending(session: Session, ledger: Ledger, files: readonly MigrationFile[]): Promise<readonly Inspection[]> {
  const { entries } = await readContent(session, ledger, files);
  const known = await readKnownSchema(session);
  const applied = new Map(entries.map((entry) => [entry.id, entry]));
  const waiting = files.filter((file) => !isApplied(file, applied.get(file.id)));
  const pending = inPhases(waiting);
  const { compatibility } = await findBreaks(pending, known);
  const inspections = inspectFiles(pending, { parser: await loadParser(), schema: known });
  // What one pending file makes, the release before cannot miss when another one drops it.
  return inspections.map((one) => ({ ...one, compatibility: compatibility.get(one.id) ?? one.compatibility }));
}
