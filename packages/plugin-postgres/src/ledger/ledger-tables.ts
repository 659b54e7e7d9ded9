import { fail } from "@fairlead/core";
import type { Session } from "../connection/session.js";
import { postgresErrors } from "../postgres-errors.js";
import { tableOf, type Ledger } from "./ledger.js";

/** Of the tables; a later one changes what it finds, an earlier one is refused. */
export const ledgerVersion = 3;

/** Makes schema and tables where they are missing. Call it with the lock held. Rejects with `POSTGRES_LEDGER_UNKNOWN` where something else has its name. */
export async function ensureLedger(session: Session, ledger: Ledger): Promise<void> {
  const there = await versionOf(session, ledger);
  if (there === ledgerVersion) return;
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
    insert into "${schema}".migrations_version values (${String(ledgerVersion)});
    commit`);
}

/** From version 1, without what runs statement by statement, or 2, without who asked for it. */
async function upgrade(session: Session, ledger: Ledger, from: number): Promise<void> {
  const steps = `add column progress jsonb, add column down text, drop constraint migrations_state_check,
      add constraint migrations_state_check check (state in ('running', 'applied', 'failed', 'partial', 'reverted')), `;
  await session.ask(`
    begin;
    alter table ${tableOf(ledger)} ${from === 1 ? steps : ""}add column actor text;
    update "${ledger.schema}".migrations_version set version = ${String(ledgerVersion)};
    commit`);
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
  if (there === undefined || there < 1 || there > ledgerVersion) {
    const problem = `it is of version ${String(there)}; this release of the plugin knows ${String(ledgerVersion)}.`;
    throw fail(postgresErrors, "POSTGRES_LEDGER_UNKNOWN", { schema, problem });
  }
  return there;
}
