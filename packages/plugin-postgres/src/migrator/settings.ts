import { hostname } from "node:os";
import type { ResolvedOptions, Secret } from "@fairlead/core";
import { readAddress } from "../connection/address.js";
import type { PostgresSettings } from "../options.js";
import { readShadow } from "../scratch/shadow.js";
import type { MigratorSettings } from "./apply.js";

/** What the migrator is made with. `shadow` may be an address as it is. Throws `POSTGRES_URL_INVALID`. */
export function migratorSettings(
  options: Omit<ResolvedOptions<PostgresSettings>, "shadow"> & { readonly shadow: Secret | string },
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
