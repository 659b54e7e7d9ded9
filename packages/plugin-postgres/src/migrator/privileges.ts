import type { MigrationFinding } from "@fairlead/core";
import type { Session } from "../connection/session.js";
import { tableOf, type Ledger } from "../ledger/ledger.js";

/** Whether the database takes changes, and whether the role may write down what it does. */
export async function findPrivilegeProblems(
  session: Session,
  { ledger, folder }: { readonly ledger: Ledger; readonly folder: string },
): Promise<readonly MigrationFinding[]> {
  const finding = (message: string, hint: string): MigrationFinding => ({ severity: "error", migration: folder, message, hint });
  const { name, user } = session.address;
  const [server] = await session.ask<{ readOnly: boolean; creates: boolean; schema: boolean; table: boolean }>(
    `select pg_is_in_recovery() or current_setting('transaction_read_only')::boolean as "readOnly", has_database_privilege(current_database(), 'create') as creates,
       to_regnamespace($1) is not null as schema, to_regclass($2) is not null as table`,
    [`"${ledger.schema}"`, tableOf(ledger)],
  );
  if (server === undefined) return [];
  if (server.readOnly)
    return [finding(`${name} takes no changes: it is a replica, or set to read-only.`, "Put the address of the primary into the secret.")];
  if (server.table) {
    const [may] = await session.ask<{ write: boolean }>(
      "select has_table_privilege($1, 'select') and has_table_privilege($1, 'insert') and has_table_privilege($1, 'update') as write",
      [tableOf(ledger)],
    );
    if (may?.write === true) return [];
    return [finding(`${user} may not write to ${tableOf(ledger)}.`, `Grant select, insert and update on it.`)];
  }
  if (server.schema) {
    const [may] = await session.ask<{ create: boolean }>(
      "select has_schema_privilege($1, 'usage') and has_schema_privilege($1, 'create') as create",
      [ledger.schema],
    );
    if (may?.create === true) return [];
    return [finding(`${user} may not create tables in the schema "${ledger.schema}".`, "Grant usage and create on it.")];
  }
  if (server.creates) return [];
  return [
    finding(
      `${user} may not create the schema "${ledger.schema}" in ${name}.`,
      "Grant create on the database, or create the schema and grant usage and create on it.",
    ),
  ];
}
