import type { Session } from "../connection/session.js";
import type { Run } from "../ledger/entry.js";
import { tableOf, type Ledger } from "../ledger/ledger.js";
import { checksumOf } from "./entries.js";
import type { TakenOver } from "./take-over.js";

/** Writes down as applied what another tool has applied. Call it with the lock held. */
export async function writeTakenOver(session: Session, ledger: Ledger, { tool, taken }: TakenOver, run: Run): Promise<void> {
  const rows = taken.map((one) => ({
    id: one.file.id,
    checksum: checksumOf(one),
    phase: one.file.phase,
    at: one.appliedAt,
    down: one.file.down ?? null,
  }));
  await session.ask(
    `insert into ${tableOf(ledger)} (application, id, checksum, phase, state, deployment, release, runner, down, started_at, finished_at)
       select $1, id, checksum, phase, 'applied', $3, $4, $5, down, coalesce(at, clock_timestamp()), coalesce(at, clock_timestamp())
         from json_to_recordset($2) as taken (id text, checksum text, phase text, at timestamptz, down text)
       on conflict do nothing`,
    [ledger.application, JSON.stringify(rows), run.deployment, run.release, tool],
    60_000,
  );
}
