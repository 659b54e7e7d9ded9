import type { Session } from "../connection/session.js";
import { ledgerVersion, versionOf } from "./ledger-tables.js";
import { tableOf, type Ledger, type LedgerEntry } from "./ledger.js";

/** What the database has seen, in the order in which it began; nothing where there is no ledger. Changes nothing. */
export async function readLedger(session: Session, ledger: Ledger): Promise<readonly LedgerEntry[]> {
  const there = await versionOf(session, ledger);
  if (there === undefined) return [];
  return session.ask<LedgerEntry>(`${entries(ledger, there)} order by started_at, id`, [ledger.application]);
}

/** One entry, as it is now. */
export async function readEntry(session: Session, ledger: Ledger, id: string): Promise<LedgerEntry | undefined> {
  return (await session.ask<LedgerEntry>(`${entries(ledger, ledgerVersion)} and id = $2`, [ledger.application, id]))[0];
}

/** Other applications that this ledger has entries of, with the ids of these. */
export async function readOthers(
  session: Session,
  ledger: Ledger,
): Promise<readonly { readonly application: string; readonly id: string }[]> {
  if ((await versionOf(session, ledger)) === undefined) return [];
  return session.ask(`select application, id from ${tableOf(ledger)} where application <> $1`, [ledger.application]);
}

function entries(ledger: Ledger, there: number): string {
  return `select id, ${there === 1 ? "null as progress" : "progress"}, checksum, state, runner, to_char(started_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "startedAt", (error->>'at') || ': ' || (error->>'problem') as failure from ${tableOf(ledger)} where application = $1`;
}
