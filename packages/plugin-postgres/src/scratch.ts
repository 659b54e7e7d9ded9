import { randomBytes } from "node:crypto";
import type { CallOptions, Clock, MigrationFinding } from "@fairlead/core";
import { withConnection, type ConnectionOptions } from "./connection.js";
import type { MigrationFile } from "./migration-file.js";
import { serverErrorOf } from "./sql-error.js";

const prefix = "fairlead_verify_";

/** How old a scratch database must be before another run removes it, in milliseconds. */
const abandonedAfter = 3_600_000;

/**
 * Applies all migrations to an empty database beside the real one and drops it again. A pending one that fails there would fail here; where the role may not create databases, or where the
 * history does not start from nothing, it says that nothing was proved.
 */
export async function rehearse(
  options: {
    readonly connection: ConnectionOptions;
    readonly clock: Clock;
    readonly files: readonly MigrationFile[];
    readonly pending: ReadonlySet<string>;
  },
  call: CallOptions,
): Promise<readonly MigrationFinding[]> {
  const { connection, clock, files, pending } = options;
  const name = `${prefix}${String(clock.now())}_${randomBytes(4).toString("hex")}`;
  return withConnection(connection, call, async (client) => {
    await removeAbandoned(connection, clock.now(), call);
    try {
      await client.query(`create database ${name} template template0`);
    } catch (error) {
      const reason = serverErrorOf(error)?.message ?? "the server did not answer";
      return [
        unproved(
          "all",
          `could not be tried on a scratch database (${reason}).`,
          "Allow the role to create databases, or accept that they run unproved.",
        ),
      ];
    }
    try {
      return await withConnection({ ...connection, database: name }, call, async (scratch) => {
        for (const { id, sql } of files) {
          try {
            await scratch.query(`begin;\n${sql}\n;commit`);
          } catch (error) {
            const reason = serverErrorOf(error)?.message ?? "the connection was lost";
            if (!pending.has(id))
              return [
                unproved(
                  id,
                  `does not run on an empty database (${reason}), so nothing could be proved.`,
                  "Add what it relies on as the first migration.",
                ),
              ];
            return [
              {
                severity: "error",
                migration: id,
                message: `fails on a scratch database: ${reason}.`,
                hint: "Mend it.",
              } satisfies MigrationFinding,
            ];
          }
        }
        return [];
      });
    } finally {
      await client.query(`drop database if exists ${name} with (force)`).catch(() => undefined);
    }
  });
}

function unproved(migration: string, message: string, hint: string): MigrationFinding {
  return { severity: "warning", migration, message, hint };
}

/** A process that was killed leaves its scratch database behind. */
async function removeAbandoned(connection: ConnectionOptions, now: number, call: CallOptions): Promise<void> {
  await withConnection(connection, call, async (client) => {
    const { rows } = await client.query<{ datname: string }>("select datname from pg_database where datname like $1", [`${prefix}%`]);
    for (const { datname } of rows) {
      const made = Number(/^fairlead_verify_(\d+)_[0-9a-f]+$/.exec(datname)?.[1]);
      if (now - made > abandonedAfter) await client.query(`drop database if exists "${datname}" with (force)`).catch(() => undefined);
    }
  });
}
