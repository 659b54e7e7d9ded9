// The queue worker: takes jobs from the database, one after the other, until it is told to stop.
import { createEnv } from "@fairlead/core/env";
import { writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import * as z from "zod";

const env = createEnv({ DATABASE_URL: z.url() }, process.env, { secrets: ["DATABASE_URL"] });
const release = env.release?.id ?? "unknown";

/** Written again and again as long as the worker is well: the file by which its container is judged. */
const heartbeat = "/tmp/heartbeat";

const stopping = new AbortController();
process.on("SIGTERM", () => {
  stopping.abort();
});

const client = new pg.Client({ connectionString: env.DATABASE_URL.reveal(), application_name: `worker ${release}` });
client.on("error", (error) => {
  // Its container is started anew, and with it the connection.
  console.error(`The database is gone: ${error.message}`);
  process.exit(1);
});
await client.connect();
console.log(`Release ${release} takes jobs.`);

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
    await client.query("insert into deeds (job_id, release) values ($1, $2)", [job.id, release]);
    await client.query("update jobs set done_at = now() where id = $1", [job.id]);
  }
  await client.query("commit");
  return job !== undefined;
}
