import { fail } from "@fairlead/core";
import type { Session } from "../connection/session.js";
import { postgresErrors } from "../postgres-errors.js";
import { limitOf } from "../transaction/through-pooler.js";

/** An index that costs every write and helps no query. */
export interface InvalidIndex {
  readonly name: string;
  /** Left over from making another one anew. */
  readonly remains: boolean;
}

/** Those that nobody is making just now. Rejects with `POSTGRES_POOLED` where they cannot be mended through a pooler: what they need cannot be set there without reaching others. */
export async function invalidIndexes(session: Session): Promise<readonly InvalidIndex[]> {
  const found = await session.ask<InvalidIndex>(
    `select format('%I.%I', n.nspname, c.relname) as name, c.relname ~ '_cc(new|old)\\d*$' as remains
       from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
      where not i.indisvalid and c.relkind = 'i' and n.nspname not in ('pg_toast', 'pg_catalog')
        and not exists (select from pg_stat_progress_create_index p where p.index_relid = c.oid)
        and pg_has_role(c.relowner, 'usage')
      order by remains desc, 1`,
  );
  const [first] = found;
  const limit = session.pooled && first !== undefined ? await limitOf(session) : undefined;
  if (first === undefined || limit === undefined) return found;
  const problem = `to make it anew may take long, and its role has ${limit}, which cannot be changed without a transaction`;
  throw fail(postgresErrors, "POSTGRES_POOLED", { migration: `the index ${first.name}`, problem, database: session.address.name });
}

/** Makes them anew, or drops them where they are remains. Answers their names. */
export async function mend(session: Session, found: readonly InvalidIndex[]): Promise<readonly string[]> {
  if (!session.pooled && found.length > 0) await session.run("set lock_timeout = 0; set statement_timeout = 0");
  for (const { name, remains } of found)
    await session.run(remains ? `drop index concurrently if exists ${name}` : `reindex index concurrently ${name}`);
  return found.map(({ name }) => name);
}
