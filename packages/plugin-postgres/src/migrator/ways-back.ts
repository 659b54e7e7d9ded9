import { fail } from "@fairlead/core";
import type { Session } from "../connection/session.js";
import type { MigrationFile } from "../folder/migration-file.js";
import type { Ledger } from "../ledger/ledger.js";
import { readWaysBack } from "../ledger/records.js";
import { postgresErrors } from "../postgres-errors.js";

/** What takes a migration back, as it was kept when it was applied. */
export interface KeptWayBack {
  readonly id: string;
  /** Its SQL; `null` where it is the `down` of code. */
  readonly down: string | null;
}

/** The ways back of applied migrations, newest first; that of code is in its file. Rejects with `POSTGRES_MIGRATION_NOT_APPLIED` and `POSTGRES_NO_WAY_BACK`. */
export async function readWaysBackOf(
  session: Pick<Session, "ask">,
  ledger: Ledger,
  migrations: readonly string[],
  files: readonly MigrationFile[],
): Promise<readonly KeptWayBack[]> {
  const found = await readWaysBack(session, ledger, migrations);
  for (const id of migrations) {
    const state = found.find((one) => one.id === id)?.state ?? "unknown";
    if (state !== "applied") throw fail(postgresErrors, "POSTGRES_MIGRATION_NOT_APPLIED", { migration: id, state });
  }
  return found.map(({ id, down }) => {
    if (down === null && !files.some((file) => file.id === id && file.code))
      throw fail(postgresErrors, "POSTGRES_NO_WAY_BACK", { migration: id });
    return { id, down };
  });
}
