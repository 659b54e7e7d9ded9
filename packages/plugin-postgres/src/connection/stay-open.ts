import type { Session } from "./session.js";

/** For a connection on which nothing is asked while something is done elsewhere: a server may end those that nobody uses (`idle_session_timeout`). Not through a pooler, which has connections of its own. */
export async function stayOpen(session: Session): Promise<void> {
  if (!session.pooled && session.version >= 140_000) await session.ask("set idle_session_timeout = 0");
}
