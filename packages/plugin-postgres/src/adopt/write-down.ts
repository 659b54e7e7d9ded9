import type { Session } from "../connection/session.js";
import type { MigrationFile } from "../folder/migration-file.js";
import type { Run } from "../ledger/entry.js";
import { tableOf, type Ledger } from "../ledger/ledger.js";
import { readLedger } from "../ledger/read-ledger.js";
import { write } from "../ledger/write.js";
import { checksumOf } from "./entries.js";
import { findTakenOver, type TakenOver } from "./take-over.js";

/** Where nothing is known of the application: writes down what another tool has applied of these files, and answers it. Call it with the lock held. */
export async function takeOver(
  session: Session,
  ledger: Ledger,
  files: readonly MigrationFile[],
  run: Run,
): Promise<TakenOver | undefined> {
  if ((await readLedger(session, ledger)).length > 0) return undefined;
  const found = await findTakenOver(session, files);
  if (found !== undefined) await writeTakenOver(session, ledger, found, run);
  return found;
}

/** Writes down as applied what another tool has applied, or a person says is; also what failed or was taken back. Call it with the lock held. */
export async function writeTakenOver(
  session: Session,
  ledger: Ledger,
  { tool, taken }: Pick<TakenOver, "tool" | "taken">,
  run: Run,
): Promise<void> {
  const rows = taken.map((one) => ({
    id: one.file.id,
    checksum: checksumOf(one),
    phase: one.file.phase,
    at: one.appliedAt,
    down: one.file.down ?? null,
  }));
  await write(
    session,
    `insert into ${tableOf(ledger)} as entry (application, id, checksum, phase, state, deployment, release, runner, actor, down, started_at, finished_at)
       select $1, id, checksum, phase, 'applied', $3, $4, $5, $6, down, coalesce(at, clock_timestamp()), coalesce(at, clock_timestamp())
         from json_to_recordset($2) as taken (id text, checksum text, phase text, at timestamptz, down text)
       on conflict (application, id) do update set
         checksum = excluded.checksum, phase = excluded.phase, state = excluded.state, deployment = excluded.deployment, release = excluded.release, runner = excluded.runner, actor = excluded.actor,
         role = default, started_at = excluded.started_at, finished_at = excluded.finished_at, error = null, progress = null, down = excluded.down
       where entry.state in ('failed', 'reverted')`,
    [ledger.application, JSON.stringify(rows), run.deployment, run.release, tool, run.actor],
    60_000,
  );
}
