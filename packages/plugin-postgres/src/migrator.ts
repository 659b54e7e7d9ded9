import { hostname } from "node:os";
import {
  fail,
  type CallOptions,
  type Clock,
  type MigrationFinding,
  type MigrationPlan,
  type Migrator,
  type SchemaCompatibility,
  type Secret,
} from "@fairlead/core";
import { withConnection, type ConnectionOptions } from "./connection.js";
import { createLedger, readLedger, recordMigration, type LedgerRow } from "./ledger.js";
import { withMigrationLock } from "./lock.js";
import { readMigrationFolder, type MigrationFile } from "./migration-file.js";
import { postgresErrors } from "./postgres-errors.js";
import { runMigration } from "./run-migration.js";
import { rehearse } from "./scratch.js";
import { connectionError } from "./sql-error.js";

export interface MigratorOptions {
  readonly url: Secret;
  readonly folder: string;
  readonly application: string;
  readonly environment: string;
  readonly clock: Clock;
}

const worst: readonly SchemaCompatibility[] = ["irreversible", "needs-down", "code-only"];

/** Migrations from a folder of SQL files. */
export function createMigrator({ url, folder, application, environment, clock }: MigratorOptions): Migrator {
  const connection: ConnectionOptions = { url, name: `fairlead ${application}/${environment} on ${hostname()}` };

  const read = async (call: CallOptions): Promise<{ readonly files: readonly MigrationFile[]; readonly rows: readonly LedgerRow[] }> => {
    const [files, rows] = await Promise.all([
      readMigrationFolder(folder),
      withConnection(connection, call, (client) =>
        readLedger(client, application).catch((error: unknown) => Promise.reject(connectionError(error))),
      ),
    ]);
    return { files, rows };
  };

  return {
    description: `SQL files in ${folder}`,
    async plan(call) {
      const { files, rows } = await read(call);
      return planOf(files, rows);
    },
    async verify(call) {
      const { files, rows } = await read(call);
      const { findings, pending } = planOf(files, rows);
      if (findings.some(({ severity }) => severity === "error") || pending.length === 0) return findings;
      const rehearsed = await rehearse({ connection, clock, files, pending: new Set(pending.map(({ id }) => id)) }, call);
      return [...findings, ...rehearsed];
    },
    async apply({ migrations, release }, call) {
      const files = new Map((await readMigrationFolder(folder)).map((file) => [file.id, file]));
      const wanted = migrations.map(({ id, checksum }) => {
        const file = files.get(id);
        if (file?.checksum !== checksum) throw fail(postgresErrors, "POSTGRES_MIGRATION_CHANGED", { migration: id });
        return file;
      });
      return withConnection(connection, call, (client) =>
        withMigrationLock({ client, application, clock, call }, async () => {
          await createLedger(client);
          const done = new Set((await readLedger(client, application)).map(({ id }) => id));
          const applied: { id: string; duration: number }[] = [];
          for (const file of wanted.filter(({ id }) => !done.has(id))) {
            const begun = clock.now();
            const runner = { application, deploymentId: call.deploymentId, release, host: hostname() };
            await runMigration({ client, clock, call, file }, () => recordMigration(client, file, runner));
            applied.push({ id: file.id, duration: clock.now() - begun });
            call.log.info(`${file.id} applied`);
          }
          return { applied };
        }),
      );
    },
  };
}

function planOf(files: readonly MigrationFile[], rows: readonly LedgerRow[]): MigrationPlan {
  const checksums = new Map(rows.map(({ id, checksum }) => [id, checksum]));
  const known = new Set(files.map(({ id }) => id));
  const findings = files.flatMap(({ id, checksum }): MigrationFinding[] => {
    const applied = checksums.get(id);
    if (applied === undefined || applied === checksum) return [];
    return [
      {
        severity: "error",
        migration: id,
        message: "was edited after it had been applied.",
        hint: "Put its text back and make the change in a new migration.",
      },
    ];
  });
  const pending = files.filter(({ id }) => !checksums.has(id));
  const before = pending.filter(({ phase }) => phase !== "contract");
  return {
    all: files.map(({ id, checksum, phase }) => ({ id, checksum, phase })),
    pending: pending.map(({ id, checksum, phase, compatibility }) => ({ id, checksum, phase, compatibility })),
    ahead: rows.filter(({ id }) => !known.has(id)).map(({ id }) => id),
    compatibility: worst.find((one) => before.some(({ compatibility }) => compatibility === one)) ?? "code-only",
    findings,
  };
}
