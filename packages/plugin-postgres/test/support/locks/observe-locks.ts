import type pg from "pg";
import { strongerOf, type LockMode } from "../../../src/locks/lock-mode.js";

/** What a statement did, as the server says. */
export interface Observed {
  readonly locks: ReadonlyMap<string, LockMode>;
  readonly rewrites: readonly string[];
}

interface Relation {
  readonly oid: number;
  readonly name: string;
  readonly file: string | null;
}

const relations = `select c.oid::int, case n.nspname when 'public' then '' else n.nspname || '.' end || c.relname as name, pg_relation_filenode(c.oid)::text as file
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_toast'`;

const locks = "select relation::int as oid, mode from pg_locks where locktype = 'relation' and pid = ";

/** Runs a statement in a transaction that is taken back, and looks what it holds at its end. `undefined` where the server refuses it. */
export async function observeLocks(client: pg.Client, statement: string): Promise<Observed | undefined> {
  const before = (await client.query<Relation>(relations)).rows;
  await client.query("begin");
  try {
    // A simple query: `copy … to stdout` is answered with data that nobody reads.
    await client.query(statement);
    const held = await client.query<{ oid: number; mode: string }>(`${locks} pg_backend_pid()`);
    const after = (await client.query<Relation>(relations)).rows;
    return { locks: locksOn(before, held.rows), rewrites: rewritten(before, after) };
  } catch {
    return undefined;
  } finally {
    await client.query("rollback");
  }
}

/** Runs a statement that is to wait behind a lock of somebody else, looks what it asks for, and cancels it. */
export async function observeWaiting(
  { own, other }: { readonly own: pg.Client; readonly other: pg.Client },
  { sql, behind }: { readonly sql: string; readonly behind: string },
): Promise<Observed["locks"]> {
  const known = (await other.query<Relation>(relations)).rows;
  const backend = (await own.query<{ pid: number }>("select pg_backend_pid() as pid")).rows[0]?.pid ?? 0;
  await other.query(`begin; lock table ${behind}`);
  const ended = own.query(sql).catch(() => undefined);
  const waits = `select from pg_locks where not granted and pid = ${String(backend)}`;
  while ((await other.query(waits)).rowCount === 0) continue;
  const held = await other.query<{ oid: number; mode: string }>(`${locks} ${String(backend)}`);
  await other.query(`select pg_cancel_backend(${String(backend)}); commit`);
  await ended;
  return locksOn(known, held.rows);
}

function locksOn(known: readonly Relation[], held: readonly { readonly oid: number; readonly mode: string }[]): Observed["locks"] {
  const found = new Map<string, LockMode>();
  for (const { oid, mode } of held) {
    const name = known.find((relation) => relation.oid === oid)?.name;
    if (name !== undefined) found.set(name, strongerOf(found.get(name), mode.replace(/Lock$/, "") as LockMode));
  }
  return found;
}

function rewritten(before: readonly Relation[], after: readonly Relation[]): readonly string[] {
  return before.flatMap(({ oid, name, file }) => {
    const now = after.find((relation) => relation.oid === oid);
    return now !== undefined && now.file !== file ? [name] : [];
  });
}
