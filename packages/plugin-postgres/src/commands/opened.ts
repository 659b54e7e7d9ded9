import { hostname } from "node:os";
import { definePluginCommand, type PluginCommandCall, type ResolvedOptions } from "@fairlead/core";
import { readAddress } from "../connection/address.js";
import type { MigratorSettings } from "../migrator/apply.js";
import { openMigrations, type Migrations } from "../migrations/open-migrations.js";
import type { PostgresSettings } from "../options.js";
import { readShadow } from "../scratch/shadow.js";

/** Declares a command of this plugin. */
export const defineMigrationCommand = definePluginCommand<PostgresSettings>();

/** What the migrator is made with. */
export function migratorSettings(
  { url, migrations: folder, schema, outOfOrder, lockTimeout, patience, lease, shadow }: ResolvedOptions<PostgresSettings>,
  { application, clock, redact }: Pick<MigratorSettings, "clock" | "redact"> & { readonly application: string },
): MigratorSettings {
  const runner = `${String(process.pid)}@${hostname()}`;
  return {
    address: readAddress(url),
    ledger: { schema, application, outOfOrder },
    folder,
    clock,
    runner,
    lockTimeout,
    patience,
    lease,
    redact,
    shadow: readShadow(shadow),
  };
}

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
