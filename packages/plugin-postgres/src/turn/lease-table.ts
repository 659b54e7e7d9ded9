import type { Session } from "../connection/session.js";
import { versionOf } from "../ledger/ledger-tables.js";
import type { Ledger } from "../ledger/ledger.js";

/** The one row of the table says who has the lease. */
export function leaseTableOf({ schema }: Ledger): string {
  return `"${schema}".migrations_lease`;
}

/** True as long as the lease has this number, else an error: a condition in SQL. A transaction that has asked keeps others from taking the lease until it ends. */
export function heldCondition({ schema }: Ledger, number: string): string {
  return `"${schema}".migrations_held(${number})`;
}

/** Whether there has ever been a lease. */
export async function leaseTableExists(session: Session, ledger: Ledger): Promise<boolean> {
  const [found] = await session.ask<{ there: boolean }>(`select to_regclass('${leaseTableOf(ledger)}') is not null as there`);
  return found?.there === true;
}

/** Makes what a lease needs, where it is missing and nobody has the lock. Answers whether it is there. Rejects with `POSTGRES_LEDGER_UNKNOWN` where something else has the ledger's name. */
export async function ensureLeaseTable(session: Session, ledger: Ledger, key: bigint): Promise<boolean> {
  if (await leaseTableExists(session, ledger)) return true;
  await versionOf(session, ledger);
  const { schema } = ledger;
  const table = leaseTableOf(ledger);
  const body = `
    begin
      if not pg_try_advisory_xact_lock(${key.toString()}) then return; end if;
      -- By the catalog: what a name leads to may have been remembered before somebody else made it and let go of the lock.
      if exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = '${schema}' and c.relname = 'migrations_lease') then return; end if;
      if not exists (select from pg_namespace where nspname = '${schema}') then create schema "${schema}"; end if;
      create table ${table} (number bigint primary key, holder text, since timestamptz, expires_at timestamptz not null);
      insert into ${table} values (0, null, null, '-infinity');
      create function "${schema}".migrations_held(wanted bigint) returns boolean language plpgsql as $held$
        begin
          perform from ${table} where number = wanted for key share;
          if not found then raise exception 'another process has taken over' using errcode = 'FL001'; end if;
          return true;
        end $held$;
    exception when duplicate_table or duplicate_schema or duplicate_function or unique_violation then return;
    end`;
  await session.ask(`do language plpgsql ${session.quote(body)}`);
  return leaseTableExists(session, ledger);
}
