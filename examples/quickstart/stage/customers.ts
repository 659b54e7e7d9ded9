import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

/** What became of the jobs, by the database's own ledger. */
export interface WorkDone {
  readonly queued: number;
  readonly done: number;
  /** Jobs that were carried out more than once. */
  readonly repeated: number;
  /** How many jobs each release carried out, by Fairlead's id of the release. */
  readonly byRelease: Readonly<Record<string, number>>;
}

/** Customers that give the worker something to do. */
export interface Customers {
  /** No more jobs; resolves with what became of them when all are done, or when `within` milliseconds have passed. */
  stop(within: number): Promise<WorkDone>;
}

/** Queues a job every so many milliseconds, from when the database has a place for them. */
export async function startCustomers(databaseUrl: string, every: number): Promise<Customers> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: "customers" });
  // The database ends before its clients where a run is broken off.
  client.on("error", () => undefined);
  await client.connect();
  const stopping = new AbortController();
  const shopping = (async () => {
    while (!stopping.signal.aborted) {
      await client.query("insert into jobs (kind) values ('pack')").catch(unlessThereIsNoTable);
      await sleep(every, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    async stop(within) {
      stopping.abort();
      await shopping;
      const until = Date.now() + within;
      let work = await readWork(client);
      while (work.done < work.queued && Date.now() < until) {
        await sleep(50);
        work = await readWork(client);
      }
      await client.end();
      return work;
    },
  };
}

async function readWork(client: pg.Client): Promise<WorkDone> {
  const { rows: tables } = await client.query<{ there: boolean }>("select to_regclass('jobs') is not null as there");
  if (tables[0]?.there !== true) return { queued: 0, done: 0, repeated: 0, byRelease: {} };
  const { rows: jobs } = await client.query<{ queued: number; done: number; repeated: number }>(`
    select count(*)::int as queued,
      count(done_at)::int as done,
      (select count(*)::int from (select from deeds group by job_id having count(*) > 1) as repeated) as repeated
    from jobs`);
  const { rows: releases } = await client.query<{ release: string; jobs: number }>(
    "select release, count(*)::int as jobs from deeds group by release order by min(at)",
  );
  return {
    ...(jobs[0] ?? { queued: 0, done: 0, repeated: 0 }),
    byRelease: Object.fromEntries(releases.map(({ release, jobs: amount }) => [release, amount])),
  };
}

/** `42P01`: the first release has not been deployed yet. */
function unlessThereIsNoTable(error: unknown): void {
  if (!(error instanceof pg.DatabaseError) || error.code !== "42P01") throw error;
}
