import { fail, type CallOptions, type Secret } from "@fairlead/core";
import type { Client } from "pg";
import { postgresErrors } from "./postgres-errors.js";
import { connectionError } from "./sql-error.js";

export interface ConnectionOptions {
  readonly url: Secret;
  /** Shown in `pg_stat_activity`, and to whoever waits for a lock that this connection holds. */
  readonly name: string;
  /** Another database of the same server. */
  readonly database?: string;
}

/** Most it may take to connect, in milliseconds. */
const patience = 5_000;

/** Opens a connection, does the work, closes it. When the signal aborts, what runs is cancelled at the server and the connection ends. */
export async function withConnection<Result>(
  options: ConnectionOptions,
  call: CallOptions,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  call.signal.throwIfAborted();
  const client = await connect(options);
  const onAbort = (): void => {
    void cancel(options, client).finally(() => client.end().catch(() => undefined));
  };
  call.signal.addEventListener("abort", onAbort, { once: true });
  try {
    call.signal.throwIfAborted();
    return await work(client);
  } finally {
    call.signal.removeEventListener("abort", onAbort);
    await client.end().catch(() => undefined);
  }
}

async function connect({ url, name, database }: ConnectionOptions): Promise<Client> {
  const address = URL.parse(url.reveal());
  if (address === null || !["postgres:", "postgresql:"].includes(address.protocol))
    throw fail(postgresErrors, "POSTGRES_ADDRESS_MALFORMED", { secret: url.name });
  if (database !== undefined) address.pathname = `/${encodeURIComponent(database)}`;
  const { default: pg } = await import("pg");
  const client = new pg.Client({
    connectionString: address.href,
    application_name: name,
    connectionTimeoutMillis: patience,
    keepAlive: true,
  });
  // A connection that breaks while nothing runs would otherwise end the process; the next statement reports it.
  client.on("error", () => undefined);
  try {
    await client.connect();
  } catch (error) {
    throw connectionError(error);
  }
  // The server notices within half a second that a client was killed, and frees its locks. Servers before 14 cannot.
  await client.query("select set_config('client_connection_check_interval', '500ms', false)").catch(() => undefined);
  return client;
}

async function cancel(options: ConnectionOptions, client: Client): Promise<void> {
  const pid = "processID" in client && typeof client.processID === "number" ? client.processID : undefined;
  if (pid === undefined) return;
  const other = await connect({ ...options, name: `${options.name} (cancel)` }).catch(() => undefined);
  await other?.query("select pg_cancel_backend($1)", [pid]).catch(() => undefined);
  await other?.end().catch(() => undefined);
}
