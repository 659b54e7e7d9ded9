import { Secret, systemClock, type Duration, type Logger } from "@fairlead/core";
import { migratorSettings } from "../migrator/settings.js";
import { checkOptions, type StartShadow } from "../options.js";
import { openMigrations, type Migrations } from "./open-migrations.js";

/** Options of `createMigrations()`; those that `postgres()` has too mean the same. */
export interface MigrationsOptions {
  /** `postgres://user:password@host:5432/database` of a role that may change the schema. */
  readonly url: string;
  /** Folder of migrations, relative to where the process runs. Default `"./migrations"`. */
  readonly migrations?: string;
  /** The application whose migrations these are: the name that its deployer has. */
  readonly application: string;
  /** Schema of the ledger. Default `"fairlead"`. */
  readonly schema?: string;
  /** Default `"warn"`. */
  readonly outOfOrder?: "warn" | "refuse" | "apply";
  /** Default `"100ms"`. */
  readonly lockTimeout?: Duration;
  /** Default `"2m"`. */
  readonly patience?: Duration;
  /** Behind a pooler, how long a runner that was killed keeps others waiting. Default `"15s"`. */
  readonly lease?: Duration;
  /** Who does it, for the ledger. Default `"code"`. */
  readonly actor?: string;
  /** Where `verify` tries migrations: as in the options of `postgres()`, with an address in place of a secret. Default `"beside"`. */
  readonly shadow?: string | StartShadow;
  /** Where it is said what is done. Default nowhere. */
  readonly log?: Logger;
}

const silent: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Makes an object that migrates a database. Reaches nothing before it is asked to. Throws `POSTGRES_URL_INVALID` and `POSTGRES_OPTIONS_INVALID`. */
export function createMigrations(options: MigrationsOptions): Migrations {
  const { application, actor = "code", log = silent, shadow = "beside" } = options;
  const { migrations, schema, outOfOrder, lockTimeout, patience, lease } = options;
  const checked = checkOptions({ migrations, schema, outOfOrder, lockTimeout, patience, lease });
  const settings = migratorSettings(
    { ...checked, url: new Secret("url", options.url), shadow },
    { application, clock: systemClock, redact: (text) => text },
  );
  return openMigrations(settings, { actor: { name: actor, via: "code" }, log });
}
