import type { Client } from "pg";
import type { MigrationFile } from "./migration-file.js";

/** Where applied migrations are written down. Its schema is Fairlead's own. */
const table = "fairlead.migrations";

export interface LedgerRow {
  readonly id: string;
  readonly checksum: string;
}

/** Whose migrations a row is about, and who applied it. */
export interface Runner {
  readonly application: string;
  readonly deploymentId: string;
  readonly release: string;
  readonly host: string;
}

/** Makes the ledger if there is none. Call it with the lock held: two at once may collide. */
export async function createLedger(client: Client): Promise<void> {
  await client.query(`
    create schema if not exists fairlead;
    create table if not exists ${table} (
      application text not null,
      id text not null,
      checksum text not null,
      phase text not null,
      deployment_id text not null,
      release text not null,
      host text not null,
      started_at timestamptz not null,
      finished_at timestamptz not null default clock_timestamp(),
      primary key (application, id)
    )`);
}

/** What has been applied; nothing where there is no ledger. */
export async function readLedger(client: Client, application: string): Promise<readonly LedgerRow[]> {
  const { rows: found } = await client.query<{ exists: boolean }>("select to_regclass($1) is not null as exists", [table]);
  if (found[0]?.exists !== true) return [];
  const { rows } = await client.query<LedgerRow>(`select id, checksum from ${table} where application = $1 order by id collate "C"`, [
    application,
  ]);
  return rows;
}

/** Writes down a migration, in its own transaction. */
export async function recordMigration(client: Client, { id, checksum, phase }: MigrationFile, runner: Runner): Promise<void> {
  await client.query(
    `insert into ${table} (application, id, checksum, phase, deployment_id, release, host, started_at) values ($1, $2, $3, $4, $5, $6, $7, transaction_timestamp())`,
    [runner.application, id, checksum, phase, runner.deploymentId, runner.release, runner.host],
  );
}
