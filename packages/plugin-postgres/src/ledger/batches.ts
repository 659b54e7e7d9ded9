import type { Session } from "../connection/session.js";
import { tableOf, type BatchProgress } from "./ledger.js";
import type { Place } from "./progress.js";

/** The statement that writes down how far batches came. It answers a row, or none where somebody else has come further. */
export function batchStatement(
  session: Session,
  { ledger, id }: Place,
  name: string,
  { before, progress }: { readonly before: BatchProgress; readonly progress: BatchProgress },
): string {
  const at = session.quote(name);
  const path = `array['batches', ${at}]`;
  return `update ${tableOf(ledger)} set progress = jsonb_set(progress, ${path}, ${session.quote(JSON.stringify(progress))}::jsonb)
    where application = ${session.quote(ledger.application)} and id = ${session.quote(id)} and state = 'running'
      and coalesce((progress->'batches'->${at}->>'count')::int, 0) = ${String(before.count)} and (progress->'batches'->${at}->>'done') is distinct from 'true'
    returning true as moved`;
}

/** The statement that gives an entry that has just begun its progress: without one, nobody could go on with it. */
export function beginBatchesStatement(session: Session, { ledger, id }: Place, checksum: string): string {
  const progress = { done: 0, checksum, attempt: null, batches: {} };
  return `update ${tableOf(ledger)} set progress = ${session.quote(JSON.stringify(progress))}
    where application = ${session.quote(ledger.application)} and id = ${session.quote(id)} and state = 'running'`;
}
