import { createHash } from "node:crypto";
import type { Session } from "../connection/session.js";
import { objectQueries } from "./object-queries.js";

/** Something that a schema consists of, as the server itself writes it. */
export interface SchemaObject {
  /** `table`, `column`, `constraint`, `index`, `view`, `function`, … */
  readonly kind: string;
  /** With its schema: `public.orders`, `public.orders.note`. */
  readonly name: string;
  readonly definition: string;
}

/** What a database consists of, without its rows, owners, privileges and comments. */
export interface SchemaSnapshot {
  /** By kind and name. */
  readonly objects: readonly SchemaObject[];
  /** `sha256:<hex>`; the same for the same objects. */
  readonly hash: string;
}

/** Which schemas are those of stores, by oid. By one of its tables alone somebody's own schema would be taken for one. */
export const storeSchemas = `select relnamespace from pg_class where relkind = 'r' and relname in ('store_version', 'stream', 'event', 'claim')
  group by relnamespace having count(*) = 4`;

/** Reads what a database consists of, in one query; what belongs to an extension is left out, and so are `except` and schemas of stores. Changes nothing. */
export async function readSnapshot(session: Pick<Session, "ask">, except: readonly string[]): Promise<SchemaSnapshot> {
  const objects = await session.ask<SchemaObject & Record<string, unknown>>(query, [except]);
  const hash = createHash("sha256");
  for (const { kind, name, definition } of objects) hash.update(JSON.stringify([kind, name, definition]));
  return { objects, hash: `sha256:${hash.digest("hex")}` };
}

const query = `
  with schemas as (
    select n.oid, n.nspname from pg_namespace n
    where n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)' and n.nspname <> all ($1)
      and n.oid not in (${storeSchemas})
      and not exists (select from pg_depend d where d.classid = 'pg_namespace'::regclass and d.objid = n.oid and d.deptype = 'e')
  ), relations as (
    select c.*, s.nspname || '.' || c.relname as name from pg_class c join schemas s on s.oid = c.relnamespace
    where not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
  )
  select kind, name, definition from (${objectQueries.join(" union all ")}) objects order by kind collate "C", name collate "C", definition collate "C"`;
