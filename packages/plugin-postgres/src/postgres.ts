import { definePlugin, type PluginFactory } from "@fairlead/core";
import { migrationCommands } from "./commands/index.js";
import { createChecks } from "./checks/create-checks.js";
import { createMigrator } from "./migrator/create-migrator.js";
import { migratorSettings } from "./migrator/settings.js";
import { postgresOptions, type PostgresOptions } from "./options.js";

/**
 * Migrates a PostgreSQL database with the SQL files of a folder, and says whether it answers: `postgres({ url: secret("DATABASE_URL"), migrations: "./migrations" })`. The first call to the
 * database loads its client; making the plugin does nothing.
 */
export const postgres: PluginFactory<"postgres", "migrator" | "checks", PostgresOptions> = definePlugin({
  id: "postgres",
  provides: ["migrator", "checks"],
  options: postgresOptions,
  commands: migrationCommands,
  setup: (options, { name, application, clock, redact }) => {
    const settings = migratorSettings(options, { application, clock, redact });
    const { address, folder } = settings;
    const { checks, dispose } = createChecks({ name, address, folder, clock });
    return { migrator: createMigrator(settings), checks, dispose };
  },
});
