import type { MigrationPhase } from "@fairlead/core";
import type { Session } from "../connection/session.js";
import { sealed } from "../sql/quoted.js";
import { tableOf, type Ledger } from "./ledger.js";
import { readEntry } from "./read-ledger.js";
import { write } from "./write.js";

/** Who runs migrations, and what for. */
export interface Run {
  readonly deployment: string;
  readonly release: string;
  readonly runner: string;
  /** Who asked for it; `null` where that is not known. */
  readonly actor: string | null;
}

interface Named {
  readonly id: string;
  readonly checksum: string;
  readonly phase: MigrationPhase;
  /** Whether it runs again when it has changed. */
  readonly repeatable: boolean;
  /** Kept with it, so that it can be taken back where the file is not at hand. */
  readonly down: string | undefined;
}

/**
 * The statement that writes down that a migration begins. It answers a row with the transaction and the backend, or none: then it has been applied, or begun and not ended, by
 * somebody else. One that another transaction has begun is waited for.
 */
export function beginStatement(session: Session, ledger: Ledger, named: Named, run: Run): string {
  const again = named.repeatable ? "or entry.state = 'applied' and entry.checksum <> excluded.checksum" : "";
  return `${firstStatement(session, ledger, named, run)}
    on conflict (application, id) do update set
      checksum = excluded.checksum, phase = excluded.phase, state = excluded.state, deployment = excluded.deployment, release = excluded.release,
      runner = excluded.runner, actor = excluded.actor, role = default, started_at = default, finished_at = null, error = null, progress = null, down = excluded.down
    where entry.state in ('failed', 'reverted') ${again}
    returning txid_current()::text as transaction, pg_backend_pid() as backend`;
}

/** The statement that writes down that a migration begins which has no entry: it fails where there is one. */
export function firstStatement(session: Session, ledger: Ledger, { id, checksum, phase, down }: Named, run: Run): string {
  const values = [ledger.application, id, checksum, phase, "running", run.deployment, run.release, run.runner, run.actor, down];
  return `insert into ${tableOf(ledger)} as entry (application, id, checksum, phase, state, deployment, release, runner, actor, down)
    values (${values.map((value) => (value === undefined || value === null ? "null" : session.quote(value))).join(", ")})`;
}

/** The statement that writes down that a migration has been applied. It answers a row with the transaction, or none if the entry of its beginning is gone. A text before it that is not finished cannot swallow it. */
export function applyStatement(ledger: Ledger, id: string): string {
  return `update ${tableOf(ledger)} set state = ${sealed("applied")}, finished_at = clock_timestamp()
    where application = ${sealed(ledger.application)} and id = ${sealed(id)} and state = ${sealed("running")}
    returning txid_current()::text as transaction`;
}

export interface MigrationFailure {
  readonly at: string;
  readonly problem: string;
  readonly sqlState: string;
}

/** Writes down that a migration has failed after `took` milliseconds. Answers whether nothing of it is in effect: the entry of its beginning has not outlived the failure. What is repeatable and was applied before stays so. */
export async function recordFailure(
  session: Session,
  ledger: Ledger,
  { id, checksum, phase, repeatable }: Named,
  outcome: { readonly run: Run; readonly failure: MigrationFailure; readonly took: number },
): Promise<boolean> {
  const { run, failure, took } = outcome;
  const rows = await write<{ state: string }>(
    session,
    `insert into ${tableOf(ledger)} as entry (application, id, checksum, phase, state, deployment, release, runner, actor, error, started_at, finished_at)
     values ($1, $2, $3, $4, 'failed', $5, $6, $7, $8, $9, clock_timestamp() - make_interval(secs => $10), clock_timestamp())
     on conflict (application, id) do update set
       checksum = excluded.checksum, phase = excluded.phase, state = case when entry.state in ('failed', 'reverted') then 'failed' else 'running' end,
       deployment = excluded.deployment, release = excluded.release, runner = excluded.runner, actor = excluded.actor, error = excluded.error,
       started_at = excluded.started_at, finished_at = excluded.finished_at
     where entry.state not in ('applied', 'partial')
     returning state`,
    [ledger.application, id, checksum, phase, run.deployment, run.release, run.runner, run.actor, JSON.stringify(failure), took / 1_000],
  );
  if (rows[0] !== undefined || !repeatable) return rows[0]?.state === "failed";
  // It was applied before, and counts so, as it was then.
  const entry = await readEntry(session, ledger, id);
  return entry?.state === "applied" && entry.checksum !== checksum;
}
