import type { Session } from "../connection/session.js";
import type { MigrationFile } from "../folder/migration-file.js";
import type { Ledger, LedgerEntry } from "../ledger/ledger.js";
import { readLedger, readOthers } from "../ledger/read-ledger.js";
import { entriesOf } from "./entries.js";
import { findTakenOver, type TakenOver } from "./take-over.js";

/** What a database has seen, and of whom. */
export interface LedgerContent {
  readonly entries: readonly LedgerEntry[];
  /** What it has seen of other applications. */
  readonly others: readonly { readonly application: string; readonly id: string }[];
  /** Where the entries are those of another tool. */
  readonly takenOver?: TakenOver;
}

/** Reads what the database has seen; where nothing is known of the application, what another tool has applied of these files. Changes nothing. */
export async function readContent(session: Session, ledger: Ledger, files: readonly MigrationFile[]): Promise<LedgerContent> {
  const entries = await readLedger(session, ledger);
  if (entries.length > 0) return { entries, others: [] };
  const others = await readOthers(session, ledger);
  const takenOver = await findTakenOver(session, files);
  return takenOver === undefined ? { entries, others } : { entries: entriesOf(takenOver), others: [], takenOver };
}
