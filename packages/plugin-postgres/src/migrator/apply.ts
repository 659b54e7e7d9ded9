import { fail, type AppliedMigrations, type Clock, type DeploymentCall, type MigrationReference } from "@fairlead/core";
import type { DatabaseAddress } from "../connection/address.js";
import { openSession, type Session } from "../connection/session.js";
import type { MigrationFile } from "../folder/migration-file.js";
import { readFolder } from "../folder/read-folder.js";
import { ensureLedger, readLedger, type Ledger, type LedgerEntry } from "../ledger/ledger.js";
import { postgresErrors } from "../postgres-errors.js";
import { runMigration } from "../run/run-migration.js";
import { withRunnerLock } from "../run/runner-lock.js";
import { findProblems } from "./findings.js";

export interface MigratorSettings {
  readonly address: DatabaseAddress;
  readonly ledger: Ledger;
  readonly folder: string;
  readonly clock: Clock;
  /** This process, for the ledger and for whoever waits for it: `pid@host`. */
  readonly runner: string;
  /** In milliseconds. */
  readonly lockTimeout: number;
  /** In milliseconds. */
  readonly patience: number;
  /** Masks what is written to the ledger. */
  readonly redact: (text: string) => string;
}

/** Applies what is named and not yet applied, in order, one runner at a time. */
export async function applyMigrations(
  settings: MigratorSettings,
  { migrations, release }: { readonly migrations: readonly MigrationReference[]; readonly release: string },
  call: DeploymentCall,
): Promise<AppliedMigrations> {
  call.signal.throwIfAborted();
  if (migrations.length === 0) return { applied: [] };
  const { address, ledger, clock, runner, patience } = settings;
  const name = `fairlead ${call.deploymentId} ${runner}`;
  const files = await readFolder(settings.folder);
  return withRunnerLock({ address, clock, call, schema: ledger.schema, name, patience }, async (holder) => {
    // Without the lock nothing may run.
    const signal = AbortSignal.any([call.signal, holder.lost]);
    const session = await openSession({ address, clock, name, signal, cancelThrough: holder });
    try {
      const due = await dueFiles(session, settings, { files, migrations });
      const run = { deployment: call.deploymentId, release, runner };
      const applied: { id: string; duration: number }[] = [];
      for (const file of due) {
        const begun = clock.now();
        const outcome = await runMigration({ ...settings, session, through: holder, run, log: call.log }, file);
        if (outcome === "skipped") continue;
        const duration = clock.now() - begun;
        applied.push({ id: file.id, duration });
        call.log.info(`${file.id} applied`, { duration });
        if (outcome === "applied-loosely")
          call.log.warn(
            `${file.path} ends its transaction itself. It is complete; had it failed behind that, it would have stayed half done.`,
          );
      }
      return { applied };
    } finally {
      await session.close();
    }
  });
}

/** What is left to do, once it is certain that all that is named is what was approved, and that nothing that was applied has changed since. */
async function dueFiles(
  session: Session,
  { ledger, folder }: MigratorSettings,
  { files, migrations }: { readonly files: readonly MigrationFile[]; readonly migrations: readonly MigrationReference[] },
): Promise<readonly MigrationFile[]> {
  await ensureLedger(session, ledger);
  const entries = await readLedger(session, ledger);
  const applied = new Map(entries.filter(({ state }) => state === "applied").map((entry) => [entry.id, entry]));
  for (const migration of migrations)
    refuseOther(migration, { folder, file: files.find(({ id }) => id === migration.id), entry: applied.get(migration.id) });
  const problems = findProblems(ledger, files, { entries, others: [] }).filter(({ severity }) => severity === "error");
  if (problems.length > 0)
    throw fail(postgresErrors, "POSTGRES_MIGRATIONS_INVALID", {
      problems: problems.map(({ migration, message, hint }) => ({ migration, message, hint })),
    });
  const named = new Set(migrations.map(({ id }) => id));
  return files.filter(({ id }) => named.has(id) && !applied.has(id));
}

/** What has been applied counts as it was applied, also where its file is gone. */
function refuseOther(
  { id, checksum }: MigrationReference,
  found: { readonly folder: string; readonly file: MigrationFile | undefined; readonly entry: LedgerEntry | undefined },
): void {
  const { folder, file, entry } = found;
  const there = entry ?? file;
  if (there === undefined) throw fail(postgresErrors, "POSTGRES_MIGRATION_MISSING", { migration: id, folder });
  if (there.checksum !== checksum)
    throw fail(postgresErrors, "POSTGRES_MIGRATION_CHANGED", { migration: id, file: file?.path ?? "the ledger" });
}
