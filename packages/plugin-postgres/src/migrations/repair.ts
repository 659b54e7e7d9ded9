import type { Session } from "../connection/session.js";
import type { MigrationFile } from "../folder/migration-file.js";
import { tableOf, type Ledger } from "../ledger/ledger.js";
import { write } from "../ledger/write.js";
import { mend, type InvalidIndex } from "./invalid-indexes.js";

/** What a person says is so. Names of migrations. */
export interface RepairDecisions {
  /** Their files may have another text than what was applied: it counts from now on. */
  readonly edited?: readonly string[];
  /** They count as applied, all of them. */
  readonly applied?: readonly string[];
  /** Nothing of them is in effect: they run again. */
  readonly failed?: readonly string[];
}

export interface Repaired {
  /** Names of migrations whose entry was changed. */
  readonly migrations: readonly string[];
  /** Indexes that were invalid and have been made anew, or dropped where they were the remains of making one anew. */
  readonly indexes: readonly string[];
}

/** Changes the entries of migrations as a person has decided, and mends invalid indexes. Call it with the lock held. */
export async function repair(
  session: Session,
  ledger: Ledger,
  {
    files,
    decisions,
    invalid,
    actor,
  }: {
    readonly files: readonly MigrationFile[];
    readonly decisions: RepairDecisions;
    readonly invalid: readonly InvalidIndex[];
    readonly actor: string | null;
  },
): Promise<Repaired> {
  const { edited = [], applied = [], failed = [] } = decisions;
  const changed = [
    ...(await realign(
      session,
      ledger,
      files.filter(({ id }) => edited.includes(id)),
    )),
    ...(await decide(session, ledger, { ids: applied, state: "applied", actor })),
    ...(await decide(session, ledger, { ids: failed, state: "failed", actor })),
  ];
  return { migrations: changed, indexes: await mend(session, invalid) };
}

async function realign(session: Session, ledger: Ledger, files: readonly MigrationFile[]): Promise<readonly string[]> {
  const rows = await write<{ id: string }>(
    session,
    `update ${tableOf(ledger)} as entry set checksum = file.checksum from json_to_recordset($2) as file (id text, checksum text)
      where entry.application = $1 and entry.id = file.id and entry.state = 'applied' and entry.checksum <> file.checksum returning entry.id`,
    [ledger.application, JSON.stringify(files.map(({ id, checksum }) => ({ id, checksum })))],
  );
  return rows.map(({ id }) => id);
}

async function decide(
  session: Session,
  ledger: Ledger,
  { ids, state, actor }: { readonly ids: readonly string[]; readonly state: "applied" | "failed"; readonly actor: string | null },
): Promise<readonly string[]> {
  const rows = await write<{ id: string }>(
    session,
    `update ${tableOf(ledger)} set state = $3, actor = coalesce($4, actor), finished_at = clock_timestamp(), progress = null
      where application = $1 and id = any($2::text[]) and state in ('running', 'partial', 'failed') and state <> $3 returning id`,
    [ledger.application, ids, state, actor],
  );
  return rows.map(({ id }) => id);
}
