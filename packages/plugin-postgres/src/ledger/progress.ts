import { createHash } from "node:crypto";
import type { Session } from "../connection/session.js";
import type { MigrationFailure, Run } from "./entry.js";
import { tableOf, type Ledger, type Progress } from "./ledger.js";
import { write } from "./write.js";

/** How far a migration came that runs statement by statement. */
export interface Place {
  readonly ledger: Ledger;
  readonly id: string;
}

/** `sha256:<hex>` of statements, without what stands between them. */
export function checksumOf(statements: readonly { readonly text: string }[]): string {
  const hash = createHash("sha256");
  for (const { text } of statements) hash.update(`${text}\0`);
  return `sha256:${hash.digest("hex")}`;
}

/** Takes up where another run ended. */
export async function takeUp(session: Session, { ledger, id }: Place, run: Run, checksum: string): Promise<void> {
  await write(
    session,
    `update ${tableOf(ledger)} set state = 'running', checksum = $3, deployment = $4, release = $5, runner = $6, actor = $7, finished_at = null, error = null
      where application = $1 and id = $2 and state in ('partial', 'running')`,
    [ledger.application, id, checksum, run.deployment, run.release, run.runner, run.actor],
  );
}

/** The statement that writes down how far it came. It answers a row, or none where it has come further, or less far, than `from`. */
export function progressStatement(session: Session, { ledger, id }: Place, from: number, progress: Progress): string {
  return `update ${tableOf(ledger)} set progress = ${session.quote(JSON.stringify(progress))}
    where application = ${session.quote(ledger.application)} and id = ${session.quote(id)} and state = 'running'
      and coalesce((progress->>'done')::int, 0) = ${String(from)}
    returning pg_backend_pid() as backend`;
}

/** Writes down why it goes no further: `failed` where nothing of it is in effect, `partial` where some statements are, `running` where only a person can say. */
export async function stopSteps(
  session: Session,
  { ledger, id }: Place,
  state: "failed" | "partial" | "running",
  failure: MigrationFailure,
): Promise<void> {
  await write(
    session,
    `update ${tableOf(ledger)} set state = $3, error = $4, finished_at = clock_timestamp(),
        progress = case when $3 = 'running' then progress when $3 = 'failed' then null else jsonb_set(progress, '{attempt}', 'null') end
      where application = $1 and id = $2 and state = 'running'`,
    [ledger.application, id, state, JSON.stringify(failure)],
  );
}
