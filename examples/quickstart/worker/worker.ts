// The queue worker: takes jobs from the database, one after the other, until it is told to stop.
import { writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

const { DATABASE_URL, FAIRLEAD_RELEASE = "unknown" } = process.env;

/** Written again and again as long as the worker is well: the file by which its container is judged. */
const heartbeat = "/tmp/heartbeat";

const stopping = new AbortController();
process.on("SIGTERM", () => {
  stopping.abort();
});

const client = new pg.Client({ connectionString: DATABASE_URL, application_name: `worker ${FAIRLEAD_RELEASE}` });
client.on("error", (error) => {
  // Its container is started anew, and with it the connection.
  console.error(`The database is gone: ${error.message}`);
  process.exit(1);
});
await client.connect();
console.log(`Release ${FAIRLEAD_RELEASE} takes jobs.`);

while (!stopping.signal.aborted) {
  const worked = await workOnce();
  await writeFile(heartbeat, "");
  if (!worked) await sleep(100, undefined, { signal: stopping.signal }).catch(() => undefined);
}

await client.end();
console.log("No job is left half done.");

/** Does the oldest job that nobody is at. Job and effect are one transaction: whoever is killed in it has done nothing. */
async function workOnce(): Promise<boolean> {
  await client.query("begin");
  const { rows } = await client.query<{ id: string }>(
    "select id from jobs where done_at is null order by id limit 1 for update skip locked",
  );
  const [job] = rows;
  if (job !== undefined) {
    await client.query("insert into deeds (job_id, release) values ($1, $2)", [job.id, FAIRLEAD_RELEASE]);
    await client.query("update jobs set done_at = now() where id = $1", [job.id]);
  }
  await client.query("commit");
  return job !== undefined;
}
