import type { Action, Plan } from "@supabase/pg-delta/plan";
import type { SchemaSnapshot } from "../snapshot/snapshot.js";
import { quoteName } from "../sql/quoted.js";

/** What makes one database of another, in the order in which it is to be done. */
export interface DiffScript {
  readonly statements: readonly string[];
  /** Whether it cannot run in one transaction: a value of an enum is used behind the statement that adds it. */
  readonly alone: boolean;
  /** Whether functions may speak of what is made behind them. */
  readonly forward: boolean;
}

/** The plan's statements, mended where they are known not to lead there (docs/migrations.md has the list), without owners, and with what it does not write. */
export function scriptOf({ actions, preamble }: Plan, from: SchemaSnapshot, to: SchemaSnapshot): DiffScript {
  const { gone, made } = statisticsBetween(from, to);
  const kept = actions.filter(({ sql }) => !/^ALTER (?:(?!')[^;])* OWNER TO "(?:[^"]|"")+"$/.test(sql));
  const inOrder = [...kept.filter(addsValue), ...kept.filter((action) => !addsValue(action))];
  return {
    statements: [...gone, ...defaultsLast(inOrder.map(({ sql }) => mended(sql))), ...made],
    alone: actions.some(({ transactionality }) => transactionality === "nonTransactional") || (kept.some(addsValue) && kept.length > 1),
    forward: preamble.some(({ name }) => name === "check_function_bodies"),
  };
}

/** A value is used by what may stand before it: a default knows its type, and not its values. */
function addsValue({ sql }: Action): boolean {
  return /^ALTER TYPE \S.* ADD VALUE /.test(sql);
}

/** Of an index over partitions the server writes how `pg_dump` begins it, which attaches those of the partitions one by one. */
function mended(sql: string): string {
  return sql.replace(/^(CREATE (?:UNIQUE )?INDEX (?:"(?:[^"]|"")+"|\S+) ON) ONLY /, "$1 ");
}

/** A default of a column whose type changes is one of the new type, and stands behind that. */
function defaultsLast(statements: readonly string[]): readonly string[] {
  return statements.flatMap((sql, index) => {
    const [, column] = /^(ALTER TABLE \S+ ALTER COLUMN \S+) SET DEFAULT /.exec(sql) ?? [];
    if (column !== undefined && statements.some((other, behind) => behind > index && other.startsWith(`${column} TYPE `))) return [];
    const [, typed] = /^(ALTER TABLE \S+ ALTER COLUMN \S+) TYPE /.exec(sql) ?? [];
    const waiting =
      typed === undefined ? undefined : statements.slice(0, index).findLast((other) => other.startsWith(`${typed} SET DEFAULT `));
    return waiting === undefined ? [sql] : [sql, waiting];
  });
}

function statisticsBetween(
  from: SchemaSnapshot,
  to: SchemaSnapshot,
): { readonly gone: readonly string[]; readonly made: readonly string[] } {
  const [before, after] = [statisticsIn(from), statisticsIn(to)];
  const gone = [...before]
    .filter(([name, definition]) => after.get(name) !== definition)
    .map(([name]) => `DROP STATISTICS ${quoted(name)}`);
  const made = [...after].filter(([name, definition]) => before.get(name) !== definition).map(([, definition]) => definition);
  return { gone, made };
}

function statisticsIn({ objects }: SchemaSnapshot): ReadonlyMap<string, string> {
  return new Map(objects.filter(({ kind }) => kind === "statistics").map(({ name, definition }) => [name, definition]));
}

function quoted(name: string): string {
  const dot = name.indexOf(".");
  return `${quoteName(name.slice(0, dot))}.${quoteName(name.slice(dot + 1))}`;
}
