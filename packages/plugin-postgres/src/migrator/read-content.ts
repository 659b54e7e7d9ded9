import type { Session } from "../connection/session.js";
import { readLedger, readOthers, type Ledger } from "../ledger/ledger.js";
import type { LedgerContent } from "./findings.js";

/** Reads what the database has seen. Changes nothing. */
export async function readContent(session: Session, ledger: Ledger): Promise<LedgerContent> {
  const entries = await readLedger(session, ledger);
  return { entries, others: entries.length === 0 ? await readOthers(session, ledger) : [] };
}
