import { toolTables } from "../adopt/take-over.js";
import type { Session } from "../connection/session.js";
import { differencesBetween, type Difference } from "../snapshot/differences.js";
import { readSnapshot, storeSchemas, type SchemaSnapshot } from "../snapshot/snapshot.js";
import type { Exceptions, LedgerPart } from "./engine.js";

const stores = `select nspname as name from pg_namespace where oid in (${storeSchemas})`;

/** In these the migrators of others write down what they have applied; no migration makes them. */
const tables = toolTables.map((table) => table.replaceAll('"', "").split("."));

/** Those of them that are there, with their indexes and sequences: a table is one by its whole name. */
const ledgerParts = `
  with tables as (select c.oid from pg_class c where c.relkind = 'r' and c.relname = any ($1)),
  parts as (
    select oid, true as is_table from tables
    union all select i.indexrelid, false from pg_index i join tables on i.indrelid = tables.oid
    union all select d.objid, false from pg_depend d join tables on d.refobjid = tables.oid join pg_class q on q.oid = d.objid and q.relkind = 'S'
      where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')
  )
  select n.nspname as schema, c.relname as name, bool_or(parts.is_table) as "isTable" from parts join pg_class c on c.oid = parts.oid join pg_namespace n on n.oid = c.relnamespace
  group by 1, 2 order by 1, 2`;

/** What is left out on both sides: ledgers, and schemas of stores. */
export async function exceptionsOf(sessions: readonly Session[], ledger: string): Promise<Exceptions> {
  const schemas = new Set([ledger, ...tables.flatMap((path) => path.slice(0, -1))]);
  const ledgers = new Map<string, LedgerPart>();
  for (const session of sessions) {
    for (const { name } of await session.ask<{ name: string }>(stores)) schemas.add(name);
    const parts = await session.ask<LedgerPart & Record<string, unknown>>(ledgerParts, [tables.flatMap((path) => path.slice(-1))]);
    for (const part of parts) ledgers.set(fullName(part), part);
  }
  return { schemas: [...schemas], ledgers: [...ledgers.values()] };
}

/** What a database consists of, without what is left out. */
export async function readCompared(session: Session, { schemas, ledgers }: Exceptions): Promise<SchemaSnapshot> {
  const { objects, hash } = await readSnapshot(session, schemas);
  const names = ledgers.map((part) => [fullName(part), part.isTable] as const);
  const isLedger = (name: string): boolean => names.some(([own, isTable]) => name === own || (isTable && name.startsWith(`${own}.`)));
  const kept = objects.filter(({ name }) => !isLedger(name));
  return { objects: kept, hash: kept.length === objects.length ? hash : "" };
}

function fullName({ schema, name }: LedgerPart): string {
  return `${schema}.${name}`;
}

/** What is not alike; indexes over partitions bring those of the partitions, whose names the server chooses. */
export function differing(one: SchemaSnapshot, other: SchemaSnapshot): readonly Difference[] {
  if (one.hash === other.hash && one.hash !== "") return [];
  return differencesBetween({ ...one, hash: "one" }, { ...other, hash: "other" });
}
