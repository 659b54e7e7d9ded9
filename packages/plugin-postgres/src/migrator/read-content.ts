import { entriesOf } from "../adopt/entries.js";
import { findTakenOver } from "../adopt/take-over.js";
import type { Session } from "../connection/session.js";
import type { MigrationFile } from "../folder/migration-file.js";
import { readLedger, readOthers, type Ledger } from "../ledger/ledger.js";
import type { LedgerContent } from "./findings.js";

/** Reads what the database has seen; where nothing is known of the application, what another tool has applied of these files. Changes nothing. */
export async function readContent(session: Session, ledger: Ledger, files: readonly MigrationFile[]): Promise<LedgerContent> {
  const entries = await readLedger(session, ledger);
  if (entries.length > 0) return { entries, others: [] };
  const others = await readOthers(session, ledger);
  const takenOver = await findTakenOver(session, files);
  return takenOver === undefined ? { entries, others } : { entries: entriesOf(takenOver), others: [], takenOver };
}
