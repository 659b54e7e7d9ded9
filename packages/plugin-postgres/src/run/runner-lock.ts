import { createHash } from "node:crypto";
import { fail, formatMilliseconds, type CallOptions, type Clock } from "@fairlead/core";
import type { Session } from "../connection/session.js";
import { postgresErrors } from "../postgres-errors.js";

/** Between two attempts, in milliseconds: growing, and never the same for two who wait. */
const firstPause = 50;
const longestPause = 1_000;

/** Between two lines that say who is waited for, in milliseconds. */
const sayEvery = 10_000;

export interface LockOptions {
  readonly clock: Clock;
  readonly call: CallOptions;
  /** What is locked: the migrations of this ledger. */
  readonly schema: string;
  /** In milliseconds. */
  readonly patience: number;
}

/**
 * Takes the lock of a ledger's migrations on a connection of its own, which has it until it ends. It is asked for again and again, never waited for inside the server: a session that waits there
 * keeps `CREATE INDEX CONCURRENTLY` of the holder from ever ending. For the same reason nothing may be asked on that connection with values. It belongs to a transaction, so that a pooler can
 * stand between, and goes with its connection, however that ends.
 * Rejects with `POSTGRES_MIGRATIONS_BUSY` when `patience` is over.
 */
export async function takeRunnerLock(session: Session, { schema, clock, call, patience }: LockOptions): Promise<void> {
  const key = createHash("sha256").update(`fairlead/migrations/${schema}`).digest().readBigInt64BE();
  const begun = clock.now();
  let said = begun - sayEvery;
  for (let pause = firstPause; ; pause = Math.min(longestPause, pause * 2)) {
    call.signal.throwIfAborted();
    if (await attempt(session, key)) return;
    const now = clock.now();
    const isOver = now - begun >= patience;
    if (isOver || now - said >= sayEvery) {
      const holder = await holderOf(session, key);
      if (isOver) throw fail(postgresErrors, "POSTGRES_MIGRATIONS_BUSY", { waited: formatMilliseconds(patience), holder });
      call.log.info(`waiting for other migrations to end: ${holder}`);
      said = now;
    }
    await clock.sleep(pause * (0.5 + Math.random() / 2), { signal: call.signal });
  }
}

async function attempt(session: Session, key: bigint): Promise<boolean> {
  // Nothing is asked on this connection for as long as the migrations take.
  await session.ask(
    `begin; set local idle_in_transaction_session_timeout = 0; ${session.version < 170_000 ? "" : "set local transaction_timeout = 0;"}`,
  );
  const [row] = await session.ask<{ locked: boolean }>(`select pg_try_advisory_xact_lock('${key.toString()}') as locked`);
  if (row?.locked === true) return true;
  // Idle between two attempts, without a transaction.
  await session.ask("rollback");
  return false;
}

async function holderOf(session: Session, key: bigint): Promise<string> {
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
