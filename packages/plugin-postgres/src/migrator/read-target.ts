import type { LedgerContent } from "../adopt/read-content.js";
import type { Session } from "../connection/session.js";
import type { MigrationFile } from "../folder/migration-file.js";
import { newSchema, type KnownSchema } from "../schema/known-schema.js";
import { readKnownSchema } from "../schema/read-known.js";

/** What the database holds that is to be migrated; nothing is asked where nothing is pending. */
export async function readTarget(session: Session, files: readonly MigrationFile[], { entries }: LedgerContent): Promise<KnownSchema> {
  const applied = new Set(entries.filter(({ state }) => state === "applied").map(({ id }) => id));
  return files.every(({ id }) => applied.has(id)) ? newSchema({ complete: true }) : readKnownSchema(session);
}
