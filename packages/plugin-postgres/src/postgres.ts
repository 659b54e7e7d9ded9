import { hostname } from "node:os";
import { definePlugin, type PluginFactory } from "@fairlead/core";
import { createChecks } from "./checks/create-checks.js";
import { readAddress } from "./connection/address.js";
import { createMigrator } from "./migrator/create-migrator.js";
import { readShadow } from "./scratch/shadow.js";
import { postgresOptions, type PostgresOptions } from "./options.js";

/**
 * Migrates a PostgreSQL database with the SQL files of a folder, and says whether it answers: `postgres({ url: secret("DATABASE_URL"), migrations: "./migrations" })`. The first call to the
 * database loads its client; making the plugin does nothing.
 */
export const postgres: PluginFactory<"postgres", "migrator" | "checks", PostgresOptions> = definePlugin({
  id: "postgres",
  provides: ["migrator", "checks"],
  options: postgresOptions,
  setup: ({ url, migrations: folder, schema, lockTimeout, patience, shadow: tried }, { name, application, clock, redact }) => {
    const address = readAddress(url);
    const ledger = { schema, application };
    const runner = `${String(process.pid)}@${hostname()}`;
    const { checks, dispose } = createChecks({ name, address, folder, clock });
    const shadow = readShadow(tried);
    return { migrator: createMigrator({ address, ledger, folder, clock, runner, lockTimeout, patience, redact, shadow }), checks, dispose };
  },
});
