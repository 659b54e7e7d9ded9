import type { Session } from "../connection/session.js";

/** Extensions whose functions and jobs reach other databases and servers. */
const reaching = ["dblink", "http", "pg_cron", "pg_net", "postgres_fdw"];

/** Through what a copy of a database would change what is in use elsewhere, if there is something: a foreign server comes with the copy, with whom to be there and with its tables. */
export async function findOutward(session: Session): Promise<string | undefined> {
  const [found] = await session.ask<{ name: string }>(
    `select 'the foreign server ' || srvname as name from pg_foreign_server
      union all select 'the extension ' || extname from pg_extension where extname = any ($1) order by 1 desc limit 1`,
    [reaching],
  );
  return found?.name;
}
