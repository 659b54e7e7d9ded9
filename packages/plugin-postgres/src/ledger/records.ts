import type { Session } from "../connection/session.js";
import type { Run } from "./entry.js";
import { versionOf } from "./ledger-tables.js";
import { tableOf, type Ledger, type LedgerState } from "./ledger.js";

/** What is kept of a migration, for people. */
export interface LedgerRecord {
  readonly id: string;
  readonly state: LedgerState;
  readonly checksum: string;
  readonly deployment: string;
  readonly release: string;
  /** `pid@host`, or the tool that it was taken over from. */
  readonly runner: string;
  /** Who asked for it; `null` where that is not known. */
  readonly actor: string | null;
  /** The role of the database that it ran as. */
  readonly role: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** In milliseconds; `null` while it runs. */
  readonly duration: number | null;
  /** Where it failed and why. */
  readonly failure: string | null;
}

/** Everything that is kept of an application's migrations, in the order in which they began; nothing where there is no ledger. */
export async function readRecords(session: Session, ledger: Ledger): Promise<readonly LedgerRecord[]> {
  const version = await versionOf(session, ledger);
  if (version === undefined) return [];
  return session.ask<LedgerRecord>(
    `select id, state, checksum, deployment, release, runner, ${version < 3 ? "null as actor" : "actor"}, role, to_char(started_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "startedAt",
        (extract(epoch from duration) * 1000)::float8 as duration, (error->>'at') || ': ' || (error->>'problem') as failure
       from ${tableOf(ledger)} where application = $1 order by started_at, id`,
    [ledger.application],
  );
}

/** What takes migrations back, as it was kept when they were applied. Newest first; nothing where there is no ledger. */
export async function readWaysBack(
  session: Pick<Session, "ask">,
  ledger: Ledger,
  ids: readonly string[],
): Promise<readonly { readonly id: string; readonly state: LedgerState; readonly down: string | null }[]> {
  const version = await versionOf(session, ledger);
  // The first version kept none.
  if (version === undefined || version === 1) return [];
  return session.ask(
    `select id, state, down from ${tableOf(ledger)} where application = $1 and id = any($2::text[]) order by started_at desc, id desc`,
    [ledger.application, ids],
  );
}

/** The statement that writes down that a migration was taken back. It answers a row, or none where it is not applied. */
export function revertStatement(session: Session, ledger: Ledger, id: string, run: Run): string {
  return `update ${tableOf(ledger)} set state = 'reverted', deployment = ${session.quote(run.deployment)}, runner = ${session.quote(run.runner)}, actor = ${run.actor === null ? "null" : session.quote(run.actor)}, finished_at = clock_timestamp(), error = null, progress = null
    where application = ${session.quote(ledger.application)} and id = ${session.quote(id)} and state = 'applied'
    returning pg_backend_pid() as backend`;
}

/** The statement that asks whether that is still written down. It answers a row, or none where it is not. */
export function revertedStatement(session: Session, ledger: Ledger, id: string): string {
  return `select state from ${tableOf(ledger)} where application = ${session.quote(ledger.application)} and id = ${session.quote(id)} and state = 'reverted'`;
}
