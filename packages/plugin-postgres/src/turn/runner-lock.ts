import { createHash } from "node:crypto";
import { fail, formatMilliseconds, type CallOptions, type Clock } from "@fairlead/core";
import type { Session } from "../connection/session.js";
import { stayOpen } from "../connection/stay-open.js";
import type { Ledger } from "../ledger/ledger.js";
import { postgresErrors } from "../postgres-errors.js";
import { leaseHolder, tryLease } from "./runner-lease.js";

/** Between two attempts, in milliseconds: growing, and never the same for two who wait. */
const firstPause = 50;
const longestPause = 1_000;

/** Between two lines that say who is waited for, in milliseconds. */
const sayEvery = 10_000;

export interface LockOptions {
  readonly clock: Clock;
  readonly call: CallOptions;
  /** What is locked: the migrations of this ledger. */
  readonly ledger: Ledger;
  /** In milliseconds. */
  readonly patience: number;
  /** Who takes it. */
  readonly holder: string;
  /** How long it is theirs without being renewed, in milliseconds; behind a pooler. */
  readonly lease: number;
}

/**
 * Takes the lock of a ledger's migrations. It is asked for again and again, never waited for inside the server: a session that waits there keeps `CREATE INDEX CONCURRENTLY` of the holder from ever ending.
 * On a direct connection that connection has it until it ends, in a transaction, and nothing may be asked on it with values. Behind a pooler it is a lease, whose number is answered.
 * Rejects with `POSTGRES_MIGRATIONS_BUSY` when `patience` is over.
 */
export async function takeRunnerLock(session: Session, options: LockOptions): Promise<string | undefined> {
  const { ledger, clock, call, patience } = options;
  const key = createHash("sha256").update(`fairlead/migrations/${ledger.schema}`).digest().readBigInt64BE();
  const begun = clock.now();
  let said = begun - sayEvery;
  if (!session.pooled) await session.ask("set statement_timeout = 0");
  await stayOpen(session);
  for (let pause = firstPause; ; pause = Math.min(longestPause, pause * 2)) {
    call.signal.throwIfAborted();
    if (session.pooled) {
      const number = await tryLease(session, ledger, { ...options, key });
      if (number !== undefined) return number;
    } else if (await tryLock(session, ledger, key)) return undefined;
    const now = clock.now();
    const isOver = now - begun >= patience;
    if (isOver || now - said >= sayEvery) {
      const holder = await holderOf(session, ledger, key);
      if (isOver) throw fail(postgresErrors, "POSTGRES_MIGRATIONS_BUSY", { waited: formatMilliseconds(patience), holder });
      call.log.info(`waiting for other migrations to end: ${holder}`);
      said = now;
    }
    await clock.sleep(pause * (0.5 + Math.random() / 2), { signal: call.signal });
  }
}

async function tryLock(session: Session, ledger: Ledger, key: bigint): Promise<boolean> {
  // Nothing is asked on this connection for as long as the migrations take. With more isolation its snapshot would stay, for which `create index concurrently` waits.
  await session.ask(
    `begin isolation level read committed; set local idle_in_transaction_session_timeout = 0; ${session.version < 170_000 ? "" : "set local transaction_timeout = 0;"}`,
  );
  const [row] = await session.ask<{ locked: boolean }>(`select pg_try_advisory_xact_lock('${key.toString()}') as locked`);
  // Who has the lock takes no lease, and who takes a lease has the lock just then.
  if (row?.locked === true && (await leaseHolder(session, ledger)) === undefined) return true;
  // Idle between two attempts, without a transaction.
  await session.ask("rollback");
  return false;
}

async function holderOf(session: Session, ledger: Ledger, key: bigint): Promise<string> {
  const lease = await leaseHolder(session, ledger);
  if (lease !== undefined) return `"${lease.name}" has held the lock for ${formatMilliseconds(lease.seconds * 1_000)}, through a pooler`;
  const [holder] = await session.ask<{ pid: number; name: string | null; seconds: number | null }>(
    `select l.pid, a.application_name as name, extract(epoch from clock_timestamp() - a.xact_start)::float8 as seconds
       from pg_locks l left join pg_stat_activity a using (pid)
      where l.locktype = 'advisory' and l.granted and l.objsubid = 1 and l.classid = $1::bigint::oid and l.objid = $2::bigint::oid
        and l.database = (select oid from pg_database where datname = current_database())`,
    [BigInt.asUintN(32, key >> 32n).toString(), BigInt.asUintN(32, key).toString()],
  );
  if (holder === undefined) return "whoever held the lock has just let go of it";
  const { pid, name, seconds } = holder;
  const since = seconds === null ? "" : ` for ${formatMilliseconds(seconds * 1_000)}`;
  return `"${name ?? "unknown"}" (backend ${String(pid)}) has held the lock${since}`;
}
