import type { Session } from "../connection/session.js";
import type { Ledger } from "../ledger/ledger.js";

/** Relations of the real database that the scratch database lacks, up to three. */
export async function relationsMissing(admin: Session, scratch: Session, { schema }: Ledger): Promise<readonly string[]> {
  const read = async (session: Session): Promise<readonly string[]> =>
    (
      await session.ask<{ name: string }>(
        `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
          where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname not in ('pg_catalog', 'information_schema', $1) and n.nspname !~ '^pg_(toast|temp)'
            and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
          order by 1`,
        [schema],
      )
    ).map(({ name }) => name);
  const there = new Set(await read(scratch));
  return (await read(admin)).filter((name) => !there.has(name)).slice(0, 3);
}
