import type { Node } from "libpg-query";
import { readServerError } from "../connection/server-error.js";
import type { Session } from "../connection/session.js";
import type { MigrationFile } from "../folder/migration-file.js";
import { inspectFiles } from "../inspect/inspect-files.js";
import type { InspectedStatement } from "../inspect/inspection.js";
import { lockModes, strongerOf, type LockMode } from "../locks/lock-mode.js";
import { readKnownSchema } from "../schema/read-known.js";
import { loadParser } from "../sql/parser.js";
import { isolationOf } from "../sql/units.js";
import { prepareSession } from "../transaction/settings.js";
import { rollBackAll } from "../transaction/transaction.js";
import { wayOf } from "../transaction/way.js";
import type { ObservedStatement } from "./verification.js";

const named = `select c.oid::bigint::text as oid, case n.nspname when 'public' then '' else n.nspname || '.' end || c.relname as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'`;

const looked = `select relation::bigint::text as oid, mode from pg_locks where locktype = 'relation' and granted and pid = pg_backend_pid();
  select c.oid::bigint::text as oid, pg_relation_filenode(c.oid)::text as file from pg_class c where c.relkind in ('r', 'm')`;

/** What a session holds, and in which files its tables are. */
interface Look {
  readonly held: ReadonlyMap<string, LockMode>;
  readonly files: ReadonlyMap<string, string>;
}

/**
 * Runs the statements of a file one by one in a transaction that is taken back, and looks behind each which locks it took and what it wrote anew on relations that were there before the file. Nothing for what does
 * not run in one transaction; up to the first that fails.
 */
export async function observeStatements(session: Session, file: MigrationFile): Promise<readonly ObservedStatement[]> {
  const way = await wayOf(file, undefined);
  if (way.kind !== "transaction" || way.loose) return [];
  const parser = await loadParser();
  const script = parser.read(file.text);
  if ("problem" in script) return [];
  const schema = await readKnownSchema(session);
  const foreseen = inspectFiles([file], { parser, schema, rules: [] })[0]?.statements ?? [];
  const names = new Map((await session.run<{ oid: string; name: string }>(named)).at(-1)?.map(({ oid, name }) => [oid, name]));
  await prepareSession(session, 0);
  await session.run(way.begin ?? "begin");
  try {
    const found: ObservedStatement[] = [];
    let before = await look(session, names);
    for (const [index, { node, text }] of script.statements.entries()) {
      const expected = foreseen[index];
      if (isFrame(node) || expected === undefined) continue;
      await session.runFile(text);
      const after = await look(session, names);
      found.push(observed(expected, before, after));
      before = after;
    }
    return found;
  } catch (error) {
    // Where it fails and why is said by the run that counts.
    if (readServerError(error) === undefined) throw error;
    return [];
  } finally {
    await rollBackAll(session);
  }
}

/** Whether a statement begins or ends the transaction, or says how it begins. */
function isFrame(node: Node): boolean {
  return "TransactionStmt" in node || isolationOf(node) !== undefined;
}

async function look(session: Session, names: ReadonlyMap<string, string>): Promise<Look> {
  const answers = await session.run<{ oid: string; mode: string; file: string | null }>(looked);
  const [locks = [], tables = []] = answers;
  const held = new Map<string, LockMode>();
  for (const { oid, mode } of locks) {
    const name = names.get(oid);
    if (name !== undefined) held.set(name, strongerOf(held.get(name), mode.replace(/Lock$/, "") as LockMode));
  }
  const files = tables.flatMap(({ oid, file }) => {
    const name = names.get(oid);
    return name === undefined || file === null ? [] : [[name, file] as const];
  });
  return { held, files: new Map(files) };
}

function observed({ line, summary, locks, rewrites }: InspectedStatement, before: Look, after: Look): ObservedStatement {
  const expected = new Map(locks.map(({ relation, mode }) => [relation, mode]));
  return {
    line,
    summary,
    locks: [...after.held]
      .filter(([relation, mode]) => before.held.get(relation) !== mode)
      .map(([relation, mode]) => ({ relation, mode, foreseen: expected.get(relation) ?? null })),
    rewrites: [...after.files]
      .filter(([relation, place]) => before.files.has(relation) && before.files.get(relation) !== place)
      .map(([relation]) => ({ relation, foreseen: rewrites.includes(relation) })),
  };
}

/** Whether a lock is stronger than what was foreseen. */
export function isUnforeseen({ mode, foreseen }: ObservedStatement["locks"][number]): boolean {
  return foreseen === null || lockModes.indexOf(mode) > lockModes.indexOf(foreseen);
}
