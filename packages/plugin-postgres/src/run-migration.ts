import { fail, type CallOptions, type Clock } from "@fairlead/core";
import type { Client } from "pg";
import type { MigrationFile } from "./migration-file.js";
import { postgresErrors } from "./postgres-errors.js";
import { connectionError, isConnectionLost, serverErrorOf, type ServerError } from "./sql-error.js";

/** How long a statement waits in the queue for a table, in milliseconds: everybody behind it waits too. */
const lockTimeout = 500;

/** A lock that was not free, and a deadlock that the server resolved against us: nothing is wrong with the migration. */
const busy = new Set(["55P03", "40P01"]);

/** Most a migration tries to get its locks, in milliseconds. */
const lockPatience = 60_000;

/** Runs a migration and `record` in one transaction. Tables that are in use are tried again and again, briefly each time, so that nobody queues behind us. */
export async function runMigration(
  options: { readonly client: Client; readonly clock: Clock; readonly call: CallOptions; readonly file: MigrationFile },
  record: () => Promise<void>,
): Promise<void> {
  const { client, clock, call, file } = options;
  const until = clock.now() + lockPatience;
  for (let pause = 100; ; pause = Math.min(2_000, pause * 2)) {
    try {
      await runOnce(client, file, record);
      return;
    } catch (error) {
      await client.query("rollback").catch(() => undefined);
      call.signal.throwIfAborted();
      const server = serverErrorOf(error);
      if (server === undefined || !busy.has(server.code)) throw failureOf(file, error, server);
      if (clock.now() >= until) throw fail(postgresErrors, "POSTGRES_BUSY_RELATION", { migration: file.id, waited: "1 m" });
      call.log.info(`${file.id}: a table is in use, trying again (${server.code})`);
      await clock.sleep(pause * (0.5 + Math.random() / 2), { signal: call.signal });
    }
  }
}

async function runOnce(client: Client, file: MigrationFile, record: () => Promise<void>): Promise<void> {
  await client.query(`begin; set local lock_timeout = '${String(lockTimeout)}ms'`);
  const before = await transactionId(client);
  await client.query(file.sql);
  if ((await transactionId(client)) !== before) throw fail(postgresErrors, "POSTGRES_MIGRATION_ENDS_TRANSACTION", { migration: file.id });
  await record();
  await client.query("commit");
}

async function transactionId(client: Client): Promise<string | undefined> {
  const { rows } = await client.query<{ id: string }>("select pg_current_xact_id()::text as id");
  return rows[0]?.id;
}

function failureOf(file: MigrationFile, error: unknown, server: ServerError | undefined): unknown {
  if (server === undefined || isConnectionLost(error)) return isOwn(error) ? error : connectionError(error);
  const before = server.position === undefined ? undefined : [...file.sql].slice(0, server.position - 1).join("");
  return fail(postgresErrors, "POSTGRES_MIGRATION_FAILED", {
    migration: `${file.id}.sql`,
    line: before === undefined ? null : before.split("\n").length,
    column: before === undefined ? null : before.length - before.lastIndexOf("\n"),
    problem: server.message,
    sqlState: server.code,
  });
}

function isOwn(error: unknown): boolean {
  return error instanceof Error && error.name === "FairleadError";
}
