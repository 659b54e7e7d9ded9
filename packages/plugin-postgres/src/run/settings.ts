import type { Session } from "../connection/session.js";

/** The settings that migrations run with, as `name = value`. */
function settingsOf(session: Session, lockTimeout: number): readonly string[] {
  return [
    `lock_timeout = ${String(lockTimeout)}`,
    "statement_timeout = 0",
    "idle_in_transaction_session_timeout = 0",
    ...(session.version < 170_000 ? [] : ["transaction_timeout = 0"]),
    ...(session.looksAfterClient ? ["client_connection_check_interval = 500"] : []),
  ];
}

/** For the transaction that has begun: the only ones that go through a pooler without reaching others. Nothing where the session has them. */
export function localSettings(session: Session, lockTimeout: number): readonly string[] {
  return session.prepared ? [] : settingsOf(session, lockTimeout).map((setting) => `set local ${setting}`);
}

/** Sets them once for a session that nobody else uses. */
export async function prepareSession(session: Session, lockTimeout: number): Promise<void> {
  if (session.pooled || session.prepared) return;
  await session.run(
    `${settingsOf(session, lockTimeout)
      .map((setting) => `set ${setting}`)
      .join("; ")}; set default_transaction_isolation = 'read committed'`,
  );
  session.prepared = true;
}

/** Takes back whatever a migration has set in its session, or left there. */
export async function cleanSession(session: Session): Promise<void> {
  await session.ask("discard all");
  session.prepared = false;
}
