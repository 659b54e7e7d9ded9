import { fail, type Json } from "@fairlead/core";
import type { Session } from "../connection/session.js";
import { postgresErrors } from "../postgres-errors.js";

/**
 * `applied`: all of it is in effect. `failed`: nothing of it is, and it may run again. `reverted`: nothing is any more. `partial`: as many of its statements as are counted are in effect, and it may go on behind them. `running`: it began
 * outside of a transaction of ours and did not report its end: it runs, or it was cut off.
 */
export type LedgerState = "running" | "applied" | "failed" | "partial" | "reverted";

export interface LedgerEntry {
  readonly id: string;
  readonly checksum: string;
  readonly state: LedgerState;
  /** Where and in which process it was begun. */
  readonly runner: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Where it failed and why, if it reported that. */
  readonly failure: string | null;
  /** How far it came, of what runs statement by statement. */
  readonly progress: Progress | null;
}

export interface Progress {
  /** How many of its statements are in effect. */
  readonly done: number;
  /** `sha256:<hex>` of these. */
  readonly checksum: string;
  /** The one that runs outside of a transaction, or was cut off. */
  readonly attempt: Attempt | null;
  /** Of what runs batch by batch: how far each of these came, by their names. */
  readonly batches?: Readonly<Record<string, BatchProgress>>;
}

/** How far batches came. */
export interface BatchProgress {
  /** What the last one answered; handed to the next. */
  readonly after: Json;
  /** How many have taken effect. */
  readonly count: number;
  readonly done: boolean;
}

export interface Attempt {
  /** Its number in the file, from 1. */
  readonly statement: number;
  /** Stands before its text at the server, so that it can be seen whether that works on it. */
  readonly mark: string;
  /** The indexes (of its table, or all that are invalid) that were there before. */
  readonly indexes: readonly number[];
  /** Whether only a person can say what came of it. */
  readonly unknown: boolean;
}

/** Where it is written down which migrations of an application a database has seen. */
export interface Ledger {
  readonly schema: string;
  readonly application: string;
  /** What becomes of a file that comes before one that was applied. Default `warn`. */
  readonly outOfOrder?: OutOfOrder;
}

/** `warn` says it and applies, `apply` applies, `refuse` stops. */
export type OutOfOrder = "warn" | "refuse" | "apply";

/** Of the tables; a later one changes what it finds, an earlier one is refused. */
const version = 3;

/** Makes schema and tables where they are missing. Call it with the lock held. Rejects with `POSTGRES_LEDGER_UNKNOWN` where something else has its name. */
export async function ensureLedger(session: Session, ledger: Ledger): Promise<void> {
  const there = await versionOf(session, ledger);
  if (there === version) return;
  if (there !== undefined) return upgrade(session, ledger, there);
  const { schema } = ledger;
  const [found] = await session.ask<{ exists: boolean }>("select exists (select from pg_namespace where nspname = $1)", [schema]);
  await session.ask(`
    begin;
    ${found?.exists === true ? "" : `create schema "${schema}";`}
    create table ${tableOf(ledger)} (
      application text not null,
      id text not null,
      checksum text not null,
      phase text not null check (phase in ('expand', 'backfill', 'contract')),
      state text not null check (state in ('running', 'applied', 'failed', 'partial', 'reverted')),
      deployment text not null,
      release text not null,
      runner text not null,
      actor text,
      role text not null default session_user,
      started_at timestamptz not null default clock_timestamp(),
      finished_at timestamptz,
      duration interval generated always as (finished_at - started_at) stored,
      error jsonb,
      progress jsonb,
      down text,
      primary key (application, id)
    );
    create table "${schema}".migrations_version (version integer not null);
    insert into "${schema}".migrations_version values (${String(version)});
    commit`);
}

/** From version 1, without what runs statement by statement, or 2, without who asked for it. */
async function upgrade(session: Session, ledger: Ledger, from: number): Promise<void> {
  const steps = `add column progress jsonb, add column down text, drop constraint migrations_state_check,
      add constraint migrations_state_check check (state in ('running', 'applied', 'failed', 'partial', 'reverted')), `;
  await session.ask(`
    begin;
    alter table ${tableOf(ledger)} ${from === 1 ? steps : ""}add column actor text;
    update "${ledger.schema}".migrations_version set version = ${String(version)};
    commit`);
}

/** What the database has seen, in the order in which it began; nothing where there is no ledger. Changes nothing. */
export async function readLedger(session: Session, ledger: Ledger): Promise<readonly LedgerEntry[]> {
  const there = await versionOf(session, ledger);
  if (there === undefined) return [];
  return session.ask<LedgerEntry>(`${entries(ledger, there)} order by started_at, id`, [ledger.application]);
}

/** One entry, as it is now. */
export async function readEntry(session: Session, ledger: Ledger, id: string): Promise<LedgerEntry | undefined> {
  return (await session.ask<LedgerEntry>(`${entries(ledger, version)} and id = $2`, [ledger.application, id]))[0];
}

/** Other applications that this ledger has entries of, with the ids of these. */
export async function readOthers(
  session: Session,
  ledger: Ledger,
): Promise<readonly { readonly application: string; readonly id: string }[]> {
  if ((await versionOf(session, ledger)) === undefined) return [];
  return session.ask(`select application, id from ${tableOf(ledger)} where application <> $1`, [ledger.application]);
}

/** Names of schemas are plain: see the options. */
export function tableOf({ schema }: Ledger): string {
  return `"${schema}".migrations`;
}

function entries(ledger: Ledger, there: number): string {
  return `select id, ${there === 1 ? "null as progress" : "progress"}, checksum, state, runner, to_char(started_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "startedAt", (error->>'at') || ': ' || (error->>'problem') as failure from ${tableOf(ledger)} where application = $1`;
}

/** Of the tables that there are; nothing where there is no ledger. Rejects with `POSTGRES_LEDGER_UNKNOWN`. */
export async function versionOf(session: Pick<Session, "ask">, ledger: Ledger): Promise<number | undefined> {
  const { schema } = ledger;
  const versions = `"${schema}".migrations_version`;
  const [found] = await session.ask<{ table: boolean; version: boolean; store: boolean }>(
    "select to_regclass($1) is not null as table, to_regclass($2) is not null as version, to_regclass($3) is not null as store",
    [tableOf(ledger), versions, `"${schema}".store_version`],
  );
  if (found?.store === true) throw fail(postgresErrors, "POSTGRES_LEDGER_UNKNOWN", { schema, problem: "it is that of a store." });
  if (found?.table !== true && found?.version !== true) return undefined;
  if (!found.version)
    throw fail(postgresErrors, "POSTGRES_LEDGER_UNKNOWN", { schema, problem: "its table `migrations` is not Fairlead's." });
  if (!found.table) throw fail(postgresErrors, "POSTGRES_LEDGER_UNKNOWN", { schema, problem: "its table `migrations` is gone." });
  const [row] = await session.ask<{ version: number }>(`select version from ${versions}`);
  const there = row?.version;
  if (there === undefined || there < 1 || there > version) {
    const problem = `it is of version ${String(there)}; this release of the plugin knows ${String(version)}.`;
    throw fail(postgresErrors, "POSTGRES_LEDGER_UNKNOWN", { schema, problem });
  }
  return there;
}
