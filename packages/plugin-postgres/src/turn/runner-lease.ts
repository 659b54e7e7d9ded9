import type { Clock } from "@fairlead/core";
import type { Session } from "../connection/session.js";
import type { Ledger } from "../ledger/ledger.js";
import { ensureLeaseTable, leaseTableExists, leaseTableOf } from "./lease-table.js";

/** Takes the lease, and answers its number; nothing where somebody has it, or the lock of those who come without a pooler. */
export async function tryLease(
  session: Session,
  ledger: Ledger,
  { key, holder, lease }: { readonly key: bigint; readonly holder: string; readonly lease: number },
): Promise<string | undefined> {
  if (!(await ensureLeaseTable(session, ledger, key))) return undefined;
  const table = leaseTableOf(ledger);
  // Its number is the key of the row: changing it would wait for an open transaction that has asked whether the lease is held. That one is left alone.
  const [taken] = await session.ask<{ number: string }>(
    `with free as materialized (select pg_try_advisory_xact_lock(${key.toString()}) as locked)
     update ${table} set number = number + 1, holder = ${session.quote(holder)}, since = clock_timestamp(), expires_at = ${inFuture(lease)}
      where number = (select l.number from ${table} l, free where free.locked and l.expires_at <= clock_timestamp() for update of l skip locked)
      returning number::text`,
  );
  return taken?.number;
}

/** Renews the lease until `signal` aborts. Resolves then, or when somebody else has it. Rejects when it cannot be renewed. */
export async function keepLease(
  session: Session,
  ledger: Ledger,
  {
    number,
    lease,
    clock,
    signal,
  }: { readonly number: string; readonly lease: number; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  for (;;) {
    try {
      await clock.sleep(lease / 3, { signal, background: true });
    } catch {
      return;
    }
    const [kept] = await session.ask(
      `update ${leaseTableOf(ledger)} set expires_at = ${inFuture(lease)} where number = ${number} returning true as kept`,
    );
    if (kept === undefined) return;
  }
}

/** Gives the lease back. */
export async function giveBack(session: Session, ledger: Ledger, number: string): Promise<void> {
  await session.ask(`update ${leaseTableOf(ledger)} set holder = null, expires_at = '-infinity' where number = ${number}`);
}

/** Who has the lease now, in words. */
export async function leaseHolder(
  session: Session,
  ledger: Ledger,
): Promise<{ readonly name: string; readonly seconds: number } | undefined> {
  if (!(await leaseTableExists(session, ledger))) return undefined;
  const [found] = await session.ask<{ name: string; seconds: number }>(
    `select holder as name, extract(epoch from clock_timestamp() - since)::float8 as seconds from ${leaseTableOf(ledger)} where expires_at > clock_timestamp()`,
  );
  return found;
}

/** Ends a lease that has expired, so that whoever had it writes no more. Answers whether none is left: a transaction of theirs that is still open is left alone. Call it with the lock held. */
export async function endExpired(session: Session, ledger: Ledger): Promise<boolean> {
  if (!(await leaseTableExists(session, ledger))) return true;
  const table = leaseTableOf(ledger);
  await session.ask(
    `update ${table} set number = number + 1, holder = null where number = (select number from ${table} where holder is not null for update skip locked)`,
  );
  const [left] = await session.ask(`select from ${table} where holder is not null`);
  return left === undefined;
}

function inFuture(milliseconds: number): string {
  return `clock_timestamp() + interval '${String(milliseconds)} ms'`;
}
