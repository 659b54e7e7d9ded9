import { isFairleadError, type Check, type CheckResult } from "@fairlead/core";
import { withConnection, type ConnectionOptions } from "./connection.js";
import { readMigrationFolder } from "./migration-file.js";

/** Whether the application's database answers, and whether it can be migrated. */
export function createChecks(
  connection: ConnectionOptions,
  { name, folder }: { readonly name: string; readonly folder: string | undefined },
): readonly Check[] {
  return [
    {
      scope: "application",
      kind: "dependency",
      name,
      timeout: "3s",
      run: (call) =>
        told(async () => {
          await withConnection(connection, call, (client) => client.query("select 1"));
          return { status: "up" };
        }),
    },
    {
      scope: "provider",
      name: "connection",
      timeout: "10s",
      run: (call) =>
        told(async () => {
          if (folder !== undefined) await readMigrationFolder(folder);
          const { rows } = await withConnection(connection, call, (client) =>
            client.query<{ replica: boolean; creates: boolean }>(
              "select pg_is_in_recovery() as replica, has_database_privilege(current_database(), 'CREATE') as creates",
            ),
          );
          if (rows[0]?.replica === true) {
            return {
              status: "down",
              reason: "read_only",
              message: "It is a read-only replica.",
              hint: "Put the address of the primary into the secret.",
            };
          }
          if (folder !== undefined && rows[0]?.creates !== true) {
            return {
              status: "down",
              reason: "forbidden",
              message: "The user may not create schemas.",
              hint: "Grant CREATE on the database, for the ledger of migrations.",
            };
          }
          return { status: "up" };
        }),
    },
  ];
}

/** Own errors say what is wrong and what to do; their codes are safe to publish. */
async function told(ask: () => Promise<CheckResult>): Promise<CheckResult> {
  try {
    return await ask();
  } catch (error) {
    if (!isFairleadError(error)) throw error;
    return { status: "down", reason: error.code.toLowerCase(), message: error.message, hint: error.hint };
  }
}
