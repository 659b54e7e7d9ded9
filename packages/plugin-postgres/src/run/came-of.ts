import type { Session } from "../connection/session.js";
import type { Attempt } from "../ledger/ledger.js";
import type { OutsideEffect, RelationName, ServerObject } from "../sql/outside-transaction.js";
import { quoteName } from "../sql/quoted.js";
import type { Runner } from "../transaction/runner.js";

interface FoundIndex {
  readonly oid: number;
  readonly name: string;
  readonly valid: boolean;
}

const indexColumns = `c.oid::int8::float8 as oid, format('%I.%I', n.nspname, c.relname) as name, i.indisvalid as valid
  from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace`;

/** The indexes that could be taken for what a statement makes. */
async function indexesOf(session: Session, effect: OutsideEffect): Promise<readonly FoundIndex[]> {
  if (effect.kind === "create-index")
    return session.ask<FoundIndex>(`select ${indexColumns} where i.indrelid = to_regclass($1) and ($2::text is null or c.relname = $2)`, [
      written(effect.table),
      effect.index ?? null,
    ]);
  // What is made anew concurrently has another name until it takes the old one's place.
  if (effect.kind === "reindex")
    return session.ask<FoundIndex>(
      `select ${indexColumns} where not i.indisvalid and c.relname ~ '_cc(new|old)\\d*$' and n.nspname <> 'pg_toast'`,
    );
  return [];
}

/** What was there before a statement, to know afterwards what is new. */
export async function indexesBefore(session: Session, effect: OutsideEffect): Promise<readonly number[]> {
  return (await indexesOf(session, effect)).map(({ oid }) => oid);
}

/**
 * Drops the invalid indexes that a statement has left when it failed or was cut off: they cost every write and help no query. `before` it runs, the one whose name it wants: with `if not exists` it would be taken
 * for a good one.
 */
export async function dropRemains(
  { session, log }: Runner,
  effect: OutsideEffect,
  when: "before" | Pick<Attempt, "indexes">,
): Promise<void> {
  if (when === "before" && (effect.kind !== "create-index" || effect.index === undefined)) return;
  const known = new Set(when === "before" ? [] : when.indexes);
  for (const { oid, name, valid } of await indexesOf(session, effect)) {
    if (valid || known.has(oid)) continue;
    if (!session.pooled) await session.run("set lock_timeout = 0");
    await session.run(`drop index concurrently if exists ${name}`);
    log.warn(`the index ${name} was not finished and has been dropped`);
  }
}

/** Whether a statement that was cut off has taken effect: `done`, or it can run `again`, which repairs first what it has left. */
export async function whatCameOf(runner: Runner, effect: OutsideEffect, attempt: Attempt): Promise<"done" | "again"> {
  const { session } = runner;
  switch (effect.kind) {
    case "create-index": {
      const known = new Set(attempt.indexes);
      const made = (await indexesOf(session, effect)).some(({ oid, valid }) => valid && !known.has(oid));
      if (made) return "done";
      await dropRemains(runner, effect, attempt);
      return "again";
    }
    case "reindex":
      await dropRemains(runner, effect, attempt);
      return "again";
    case "drop-index":
      return (await areThere(session, effect.indexes)) ? "again" : "done";
    case "detach-partition":
      return detached(session, effect);
    case "create":
      return (await isThere(session, effect)) ? "done" : "again";
    case "drop":
      return (await isThere(session, effect)) ? "again" : "done";
    case "repeatable":
    case "unknown":
      return "again";
  }
}

async function areThere(session: Session, relations: readonly RelationName[]): Promise<boolean> {
  for (const relation of relations) {
    const [found] = await session.ask<{ there: boolean }>("select to_regclass($1) is not null as there", [written(relation)]);
    if (found?.there === true) return true;
  }
  return false;
}

/** One that was cut off in the middle is brought to its end. */
async function detached(
  session: Session,
  { table, partition }: { readonly table: RelationName; readonly partition: RelationName },
): Promise<"done" | "again"> {
  const [found] = await session.ask<{ pending: boolean }>(
    "select inhdetachpending as pending from pg_inherits where inhparent = to_regclass($1) and inhrelid = to_regclass($2)",
    [written(table), written(partition)],
  );
  if (found === undefined) return "done";
  if (!found.pending) return "again";
  await session.run(`alter table ${written(table)} detach partition ${written(partition)} finalize`);
  return "done";
}

const catalogs: Readonly<Record<ServerObject, string>> = {
  database: "pg_database where datname",
  tablespace: "pg_tablespace where spcname",
  subscription: "pg_subscription where subname",
};

async function isThere(session: Session, { what, name }: { readonly what: ServerObject; readonly name: string }): Promise<boolean> {
  const [found] = await session.ask<{ there: boolean }>(`select exists (select from ${catalogs[what]} = $1) as there`, [name]);
  return found?.there === true;
}

function written({ schema, name }: RelationName): string {
  return schema === undefined ? quoteName(name) : `${quoteName(schema)}.${quoteName(name)}`;
}
