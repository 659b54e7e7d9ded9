import { hostname } from "node:os";
import type { Clock, ResolvedOptions, Secret } from "@fairlead/core";
import { readAddress, type DatabaseAddress } from "../connection/address.js";
import type { Ledger } from "../ledger/ledger.js";
import type { PostgresSettings, StartShadow } from "../options.js";
import { readShadow, type Shadow } from "../scratch/shadow.js";

/** What the migrator is made with. */
export interface MigratorSettings {
  readonly address: DatabaseAddress;
  readonly ledger: Ledger;
  readonly folder: string;
  readonly clock: Clock;
  /** This process, for the ledger and for whoever waits for it: `pid@host`. */
  readonly runner: string;
  /** In milliseconds. */
  readonly lockTimeout: number;
  /** In milliseconds. */
  readonly patience: number;
  /** In milliseconds. */
  readonly lease: number;
  /** Masks what is written to the ledger. */
  readonly redact: (text: string) => string;
  /** Where migrations are tried before they run. */
  readonly shadow: Shadow;
}

/** The options as the migrator has them. `shadow` may be an address as it is. Throws `POSTGRES_URL_INVALID`. */
export function migratorSettings(
  options: Omit<ResolvedOptions<PostgresSettings>, "shadow"> & { readonly shadow: Secret | string | StartShadow },
  { application, clock, redact }: Pick<MigratorSettings, "clock" | "redact"> & { readonly application: string },
): MigratorSettings {
  const { url, migrations: folder, schema, outOfOrder, lockTimeout, patience, lease, shadow } = options;
  return {
    address: readAddress(url),
    ledger: { schema, application, outOfOrder },
    folder,
    clock,
    runner: `${String(process.pid)}@${hostname()}`,
    lockTimeout,
    patience,
    lease,
    redact,
    shadow: readShadow(shadow),
  };
}
