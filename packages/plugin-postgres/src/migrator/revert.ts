import { fail, type AppliedMigrations, type DeploymentCall } from "@fairlead/core";
import { revertCode } from "../code/revert-code.js";
import { parseMigration, type MigrationFile } from "../folder/migration-file.js";
import { readFolderIfThere } from "../folder/read-folder.js";
import { ensureLedger } from "../ledger/ledger-tables.js";
import { postgresErrors } from "../postgres-errors.js";
import { revertOne } from "../run/revert-one.js";
import type { MigratorSettings } from "./settings.js";
import { readWaysBackOf } from "./ways-back.js";
import { whileLocked } from "./while-locked.js";

/**
 * Takes migrations back, newest first, each with what was kept when it was applied: an older checkout can do it too. Rejects before anything runs where one is not applied or has no way back. One that
 * fails keeps nothing of itself, unless it cannot run in a transaction, and those behind it are not taken back.
 */
export async function revertMigrations(
  settings: MigratorSettings,
  { migrations }: { readonly migrations: readonly string[] },
  call: DeploymentCall,
): Promise<AppliedMigrations> {
  call.signal.throwIfAborted();
  const { ledger, clock } = settings;
  const files = await codeIn(settings.folder);
  return whileLocked(settings, call, {
    deployment: call.deploymentId,
    release: "",
    async work(runner) {
      await ensureLedger(runner.session, ledger);
      const applied: { id: string; duration: number }[] = [];
      for (const { id, down } of await readWaysBackOf(runner.session, ledger, migrations, files)) {
        const begun = clock.now();
        if (down === null) await revertCode(runner, codeOf(files, id));
        else await revertOne(runner, parseMigration(id, `the way back of ${id}`, Buffer.from(down)));
        applied.push({ id, duration: clock.now() - begun });
        call.log.info(`${id} taken back`);
      }
      return { applied };
    },
  });
}

/** An older checkout may have no folder at all; what was kept in the ledger is enough for SQL. */
async function codeIn(folder: string): Promise<readonly MigrationFile[]> {
  return (await readFolderIfThere(folder)).filter(({ code }) => code);
}

function codeOf(files: readonly MigrationFile[], id: string): MigrationFile {
  const file = files.find((one) => one.id === id);
  if (file === undefined) throw fail(postgresErrors, "POSTGRES_NO_WAY_BACK", { migration: id });
  return file;
}
