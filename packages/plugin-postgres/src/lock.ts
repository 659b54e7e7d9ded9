import { createHash } from "node:crypto";
import type { CallOptions, Clock } from "@fairlead/core";
import type { Client } from "pg";

/** Between two attempts, in milliseconds: growing, so that many who wait do not crowd. */
const firstPause = 50;
const longestPause = 1_000;

/** Between two lines that say who is waited for, in milliseconds. */
const sayEvery = 5_000;

/**
 * Holds the lock of an application's migrations while `work` runs. Asks for it again and again rather than waiting inside the server: a session that waits there keeps
 * `CREATE INDEX CONCURRENTLY` of the holder from ever ending. The lock goes with its connection, however that ends.
 */
export async function withMigrationLock<Result>(
  options: { readonly client: Client; readonly application: string; readonly clock: Clock; readonly call: CallOptions },
  work: () => Promise<Result>,
): Promise<Result> {
  const { client, application, clock, call } = options;
  const key = keyOf(application);
  let pause = firstPause;
  let said = clock.now();
  while (!(await tryLock(client, key))) {
    if (clock.now() - said >= sayEvery) {
      said = clock.now();
      call.log.info(`waiting for other migrations: ${await holderOf(client, key)}`);
    }
    await clock.sleep(pause * (0.5 + Math.random() / 2), { signal: call.signal });
    pause = Math.min(longestPause, pause * 2);
  }
  try {
    return await work();
  } finally {
    // Its connection is closed next, which frees it too.
    await client.query("select pg_advisory_unlock($1)", [key]).catch(() => undefined);
  }
}

function keyOf(application: string): string {
  return createHash("sha256").update(`fairlead/migrations/${application}`).digest().readBigInt64BE().toString();
}

async function tryLock(client: Client, key: string): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>("select pg_try_advisory_lock($1) as locked", [key]);
  return rows[0]?.locked === true;
}

async function holderOf(client: Client, key: string): Promise<string> {
  const { rows } = await client.query<{ name: string; since: string }>(
    `select a.application_name as name, to_char(now() - a.backend_start, 'HH24:MI:SS') as since
       from pg_locks l join pg_stat_activity a using (pid)
      where l.locktype = 'advisory' and l.granted and ((l.classid::bigint << 32) | l.objid::bigint) = $1`,
    [key],
  );
  const [holder] = rows;
  return holder === undefined ? "the holder has just gone" : `${holder.name} has the lock for ${holder.since}`;
}
