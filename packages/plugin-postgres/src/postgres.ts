import { definePlugin, isSecretReference, type PluginFactory, type SecretReference } from "@fairlead/core";
import * as z from "zod";
import { createChecks } from "./checks.js";
import { createMigrator } from "./migrator.js";

export interface PostgresOptions {
  /** `postgres://user:password@host:5432/database`, of a role that may change the schema. */
  readonly url: SecretReference;
  /** Folder of SQL files, from where the process runs. Default `./migrations`. */
  readonly migrations?: string;
}

/** Migrates a PostgreSQL database and asks whether it answers. Nothing is loaded or connected before it is needed. */
export const postgres: PluginFactory<"postgres", "migrator" | "checks", PostgresOptions> = definePlugin({
  id: "postgres",
  provides: ["migrator", "checks"],
  options: z.strictObject({
    url: z.custom<SecretReference>(isSecretReference, { error: 'Expected secret("NAME")' }),
    migrations: z.string().min(1).default("./migrations"),
  }),
  setup: ({ url, migrations }, { name, application, environment, clock }) => ({
    migrator: createMigrator({ url, folder: migrations, application, environment, clock }),
    checks: createChecks({ url, name: `fairlead ${application}/${environment} check` }, { name, folder: migrations }),
  }),
});
