import type { Client } from "pg";
import type { Session } from "./session.js";

/** What a connection that has just been opened is to know of its server. */
export async function readServer(
  session: Session,
  client: Client,
): Promise<Pick<Session, "version" | "pooled" | "backend" | "working" | "looksAfterClient">> {
  const [server] = await session.ask<{ version: number; backend: number }>(
    "select current_setting('server_version_num')::int as version, pg_backend_pid() as backend",
  );
  const { version = 0, backend = 0 } = server ?? {};
  // A pooler hands out a number of its own.
  const announced: unknown = Reflect.get(client, "processID");
  const looksAfterClient = await canLookAfterClient(session, version);
  if (announced !== backend) return { version, backend: 0, working: undefined, pooled: true, looksAfterClient };
  return { version, backend, working: `pid = ${String(backend)}`, pooled: false, looksAfterClient };
}

/** Since version 14, and not on every system. What is tried ends with its statement: a pooler gives the connection to others. */
async function canLookAfterClient(session: Session, version: number): Promise<boolean> {
  if (version < 140_000) return false;
  return session.run("select set_config('client_connection_check_interval', '500', true)").then(
    () => true,
    () => false,
  );
}
