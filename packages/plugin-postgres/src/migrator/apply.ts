import { fail, type AppliedMigrations, type DeploymentCall, type MigrationReference } from "@fairlead/core";
import { takeOver } from "../adopt/write-down.js";
import type { MigrationFile } from "../folder/migration-file.js";
import { readFolder } from "../folder/read-folder.js";
import { isApplied } from "../ledger/is-applied.js";
import { ensureLedger } from "../ledger/ledger-tables.js";
import type { LedgerEntry } from "../ledger/ledger.js";
import { readLedger } from "../ledger/read-ledger.js";
import { postgresErrors } from "../postgres-errors.js";
import { runMigration } from "../run/run-migration.js";
import type { Runner } from "../transaction/runner.js";
import { findProblems } from "./findings.js";
import type { MigratorSettings } from "./settings.js";
import { whileLocked } from "./while-locked.js";

/** Applies what is named and not yet applied, in order, one runner at a time. */
export async function applyMigrations(
  settings: MigratorSettings,
  { migrations, release }: { readonly migrations: readonly MigrationReference[]; readonly release: string },
  call: DeploymentCall,
): Promise<AppliedMigrations> {
  call.signal.throwIfAborted();
  if (migrations.length === 0) return { applied: [] };
  const unreadable = new AbortController();
  // While the files are read the server lets us in.
  const reading = readFolder(settings.folder);
  reading.catch((error: unknown) => {
    unreadable.abort(error);
  });
  const reachable = { ...call, signal: AbortSignal.any([call.signal, unreadable.signal]) };
  try {
    return await applyIn(settings, { reading, migrations, release }, reachable);
  } catch (error) {
    // What is wrong with the folder is said first, whatever else is.
    await reading;
    throw error;
  }
}

async function applyIn(
  settings: MigratorSettings,
  {
    reading,
    migrations,
    release,
  }: { readonly reading: Promise<readonly MigrationFile[]>; readonly migrations: readonly MigrationReference[]; readonly release: string },
  call: DeploymentCall,
): Promise<AppliedMigrations> {
  const { ledger } = settings;
  return whileLocked<AppliedMigrations>(settings, call, {
    deployment: call.deploymentId,
    release,
    // Most runs find nothing to do, and need neither the lock nor another connection to see that.
    async look(session) {
      const entries = await readLedger(session, ledger);
      if (!allApplied(migrations, entries)) return undefined;
      dueFiles(settings, { files: await reading, migrations, entries });
      return { applied: [] };
    },
    async work(runner) {
      const files = await reading;
      await ensureLedger(runner.session, ledger);
      await takeOverFirst(runner, files);
      const due = dueFiles(settings, { files, migrations, entries: await readLedger(runner.session, ledger) });
      return { applied: await applyAll(runner, due) };
    },
  });
}

function allApplied(migrations: readonly MigrationReference[], entries: readonly LedgerEntry[]): boolean {
  const applied = new Map(entries.filter(({ state }) => state === "applied").map(({ id, checksum }) => [id, checksum]));
  return migrations.every(({ id, checksum }) => applied.get(id) === checksum);
}

/** What another tool has applied is not applied again. */
async function takeOverFirst({ session, ledger, run, log }: Runner, files: readonly MigrationFile[]): Promise<void> {
  const found = await takeOver(session, ledger, files, run);
  if (found !== undefined) log.info(`${String(found.taken.length)} migrations that ${found.tool} has applied are taken over`);
}

async function applyAll(runner: Runner, due: readonly Due[]): Promise<AppliedMigrations["applied"]> {
  const { clock, log } = runner;
  const applied: { id: string; duration: number }[] = [];
  for (const { file, entry } of due) {
    const begun = clock.now();
    const outcome = await runMigration(runner, file, entry);
    if (outcome === "skipped") continue;
    const duration = clock.now() - begun;
    applied.push({ id: file.id, duration });
    log.info(`${file.id} applied`, { duration });
    if (outcome === "applied-loosely")
      log.warn(`${file.path} ends its transaction itself. It is complete; had it failed behind that, it would have stayed half done.`);
  }
  return applied;
}

interface Due {
  readonly file: MigrationFile;
  /** What the ledger has of it. */
  readonly entry: LedgerEntry | undefined;
}

/** What is left to do, once it is certain that all that is named is what was approved, and that nothing that was applied has changed since. */
function dueFiles(
  { ledger, folder }: MigratorSettings,
  {
    files,
    migrations,
    entries,
  }: {
    readonly files: readonly MigrationFile[];
    readonly migrations: readonly MigrationReference[];
    readonly entries: readonly LedgerEntry[];
  },
): readonly Due[] {
  const begun = new Map(entries.map((entry) => [entry.id, entry]));
  const known = new Map(files.map((file) => [file.id, file]));
  for (const migration of migrations) {
    const [file, entry] = [known.get(migration.id), begun.get(migration.id)];
    const isDone = entry?.state === "applied" && (file === undefined || isApplied(file, entry));
    refuseOther(migration, { folder, file, entry: isDone ? entry : undefined });
  }
  const problems = findProblems(ledger, files, { entries, others: [] }).filter(({ severity }) => severity === "error");
  if (problems.length > 0)
    throw fail(postgresErrors, "POSTGRES_MIGRATIONS_INVALID", {
      problems: problems.map(({ migration, message, hint }) => ({ migration, message, hint })),
    });
  const named = new Set(migrations.map(({ id }) => id));
  return files
    .filter((file) => named.has(file.id) && !isApplied(file, begun.get(file.id)))
    .map((file) => ({ file, entry: begun.get(file.id) }));
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
