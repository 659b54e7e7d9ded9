import type { Migrator } from "@fairlead/core";
import { readContent } from "../adopt/read-content.js";
import { openSession } from "../connection/open-session.js";
import { readFolder } from "../folder/read-folder.js";
import { applyMigrations } from "./apply.js";
import { planOf } from "./plan.js";
import { readTarget } from "./read-target.js";
import { revertMigrations } from "./revert.js";
import type { MigratorSettings } from "./settings.js";
import { verifyMigrations } from "./verify.js";

/** Migrates a database with the SQL files of a folder. Holds nothing between two calls. */
export function createMigrator(settings: MigratorSettings): Migrator {
  const { address, ledger, folder, clock, runner } = settings;
  return {
    description: `SQL files in ${folder} for ${address.name}`,

    async plan({ signal }) {
      signal.throwIfAborted();
      const files = await readFolder(folder);
      const session = await openSession({ address, clock, name: `fairlead plan ${runner}`, signal });
      try {
        const content = await readContent(session, ledger, files);
        return await planOf(ledger, files, content, await readTarget(session, files, content));
      } finally {
        await session.close();
      }
    },

    verify: async (call) => (await verifyMigrations(settings, call)).findings,

    apply: ({ phase, migrations, release }, call) =>
      applyMigrations(settings, { migrations: migrations.filter((one) => one.phase === phase), release }, call),

    revert: (input, call) => revertMigrations(settings, input, call),
  };
}
