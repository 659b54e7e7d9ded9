import { hostname } from "node:os";
import { Secret, systemClock, type Duration, type Logger } from "@fairlead/core";
import { readAddress } from "../connection/address.js";
import { checkOptions } from "../options.js";
import { readShadow } from "../scratch/shadow.js";
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
  readonly shadow?: string;
  /** Where it is said what is done. Default nowhere. */
  readonly log?: Logger;
}

const silent: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Makes an object that migrates a database. Reaches nothing before it is asked to. Throws `POSTGRES_URL_INVALID` and `POSTGRES_OPTIONS_INVALID`. */
export function createMigrations(options: MigrationsOptions): Migrations {
  const { application, actor = "code", log = silent } = options;
  const { migrations, schema, outOfOrder, lockTimeout, patience, lease } = options;
  const checked = checkOptions({ migrations, schema, outOfOrder, lockTimeout, patience, lease });
  return openMigrations(
    {
      address: readAddress(new Secret("url", options.url)),
      ledger: { schema: checked.schema, application, outOfOrder: checked.outOfOrder },
      folder: checked.migrations,
      clock: systemClock,
      runner: `${String(process.pid)}@${hostname()}`,
      lockTimeout: checked.lockTimeout,
      patience: checked.patience,
      lease: checked.lease,
      redact: (text) => text,
      shadow: readShadow(options.shadow ?? "beside"),
    },
    { actor: { name: actor, via: "code" }, log },
  );
}
