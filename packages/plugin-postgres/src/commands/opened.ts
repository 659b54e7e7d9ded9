import { definePluginCommand, type PluginCommandCall } from "@fairlead/core";
import { openMigrations, type Migrations } from "../migrations/open-migrations.js";
import { migratorSettings } from "../migrator/settings.js";
import type { PostgresSettings } from "../options.js";

/** Declares a command of this plugin. */
export const defineMigrationCommand = definePluginCommand<PostgresSettings>();

/** The migrations that a command is about. Rejects with `SECRETS_MISSING`. */
export async function migrationsOf(call: PluginCommandCall<PostgresSettings, unknown>): Promise<Migrations> {
  const { actor, log, reporter } = call;
  return openMigrations(migratorSettings(await call.options(), call), {
    ...{ actor, log },
    begins: () => {
      reporter.begins();
    },
  });
}

/** The environment that a command is about; the command line has seen to it that there is one. */
export function environmentName({ environment }: Pick<PluginCommandCall<unknown, unknown>, "environment">): string {
  return environment?.name ?? "";
}

/** `1 migration`, `2 migrations`. */
export function count(amount: number, noun: string): string {
  return `${String(amount)} ${noun}${amount === 1 ? "" : "s"}`;
}
