import type { Session } from "../connection/session.js";
import { sealed } from "../sql/quoted.js";

/** The settings that migrations run with. */
function settingsOf(session: Session, lockTimeout: number): ReadonlyMap<string, string> {
  return new Map([
    ["lock_timeout", String(lockTimeout)],
    ["statement_timeout", "0"],
    ["idle_in_transaction_session_timeout", "0"],
    ...(session.version < 170_000 ? [] : [["transaction_timeout", "0"] as const]),
    ...(session.looksAfterClient ? [["client_connection_check_interval", "500"] as const] : []),
  ]);
}

/** For the transaction that has begun: the only ones that go through a pooler without reaching others. Nothing where the session has them. */
export function localSettings(session: Session, lockTimeout: number): readonly string[] {
  if (session.own !== undefined) return [];
  return [...settingsOf(session, lockTimeout)].map(([name, value]) => `set local ${name} = ${value}`);
}

/**
 * Sets them once for a session that nobody else uses. Also those that it has anyway: what somebody changes for the whole server meanwhile reaches every session that has not set it itself.
 */
export async function prepareSession(session: Session, lockTimeout: number): Promise<void> {
  if (session.pooled || session.own !== undefined) return;
  const wanted = new Map([
    ...settingsOf(session, lockTimeout),
    ["default_transaction_isolation", "read committed"] as const,
    // Code of a migration may take its time between two statements.
    ...(session.version < 140_000 ? [] : [["idle_session_timeout", "0"] as const]),
  ]);
  session.own = [...wanted].map(([name, value]) => `set ${name} = ${sealed(value)}`);
  await session.run(`reset all; ${session.own.join("; ")}`);
}

/**
 * What `discard all` does to a prepared session, for the end of a transaction and in the message of what runs there: no word of a file tells whether a trigger or a function of somebody else has left something.
 * Plans stay: they hold nothing that anybody sees. No text before it that is not finished makes something else of it.
 */
export function cleaningStatements({ own }: Session): readonly string[] {
  return [
    ...["close all", "reset session authorization", "reset role", "reset all", ...(own ?? [])],
    ...["deallocate all", "unlisten *", "discard temp", "discard sequences", "select pg_advisory_unlock_all()"],
  ];
}

/** Takes back whatever a migration has set in its session, or left there, outside of a transaction. */
export async function cleanSession(session: Session): Promise<void> {
  await session.ask("discard all");
  if (session.own !== undefined) await session.run(session.own.join("; "));
}
