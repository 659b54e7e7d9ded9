import type { MigrationPhase } from "@fairlead/core";
import { readContent } from "../adopt/read-content.js";
import type { Session } from "../connection/session.js";
import type { MigrationFile } from "../folder/migration-file.js";
import type { Ledger } from "../ledger/ledger.js";
import { readRecords, type LedgerRecord } from "../ledger/records.js";

/**
 * `pending`: not applied. `applied`. `outdated`: repeatable, and changed since it was applied. `edited`: applied, and its file has another text now. `partial`: some of its statements are in effect. `running`: it runs, or was cut off.
 * `failed`: it failed and left nothing. `reverted`: it was taken back. `ahead`: applied, and not in the folder.
 */
export type MigrationState = "pending" | "applied" | "outdated" | "edited" | "partial" | "running" | "failed" | "reverted" | "ahead";

/** What is known of a migration. */
export interface MigrationStatus {
  readonly id: string;
  readonly state: MigrationState;
  /** `null` where it is not in the folder. */
  readonly phase: MigrationPhase | null;
  /** Whether it can be taken back. */
  readonly hasWayBack: boolean;
  /** Who ran it last, when and what came of it; `null` where nobody has. */
  readonly last: Omit<LedgerRecord, "id" | "state" | "checksum"> | null;
}

/** Code is not run to see what it exports. */
const exportsDown = /\bexport\b[^;=(]*\bdown\b/;

/** What is known of a folder's migrations, in their order, and of those that are applied or have begun and are not in it. Changes nothing. */
export async function statusOf(session: Session, ledger: Ledger, files: readonly MigrationFile[]): Promise<readonly MigrationStatus[]> {
  const records = new Map((await readRecords(session, ledger)).map((record) => [record.id, record]));
  // What another tool has applied is not in the ledger yet.
  const { entries } = records.size > 0 ? { entries: [] } : await readContent(session, ledger, files);
  const taken = new Map(entries.map(({ id, checksum }) => [id, { state: "applied" as const, checksum }]));
  const inFolder = files.map((file) => {
    const record = records.get(file.id);
    return {
      id: file.id,
      state: stateOf(file, record ?? taken.get(file.id)),
      phase: file.phase,
      hasWayBack: file.down !== undefined || (file.code && exportsDown.test(file.text)),
      last: lastOf(record),
    };
  });
  const known = new Set(files.map(({ id }) => id));
  const gone = [...records.values()].filter(({ id, state }) => ["applied", "running", "partial"].includes(state) && !known.has(id));
  return [
    ...inFolder,
    ...gone.map((record) => ({
      id: record.id,
      state: record.state === "applied" ? ("ahead" as const) : record.state,
      phase: null,
      hasWayBack: false,
      last: lastOf(record),
    })),
  ];
}

function stateOf({ checksum, repeatable }: MigrationFile, kept: Pick<LedgerRecord, "state" | "checksum"> | undefined): MigrationState {
  if (kept === undefined) return "pending";
  if (kept.state !== "applied" || kept.checksum === checksum) return kept.state;
  return repeatable ? "outdated" : "edited";
}

function lastOf(record: LedgerRecord | undefined): MigrationStatus["last"] {
  if (record === undefined) return null;
  const { deployment, release, runner, actor, role, startedAt, duration, failure } = record;
  return { deployment, release, runner, actor, role, startedAt, duration, failure };
}
