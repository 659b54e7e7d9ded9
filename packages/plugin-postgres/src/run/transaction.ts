import type { QueryResultRow } from "pg";
import type { Session } from "../connection/session.js";
import { asFoundStatement, lookStatement } from "./as-found.js";
import { localSettings } from "./settings.js";

export interface Opening {
  /** Its first statement. Default `begin isolation level read committed`. */
  readonly begin?: string | undefined;
  /** How long a statement waits for a lock, in milliseconds. */
  readonly lockTimeout: number;
  /** The statement of the ledger that it begins with. It answers a row, or none where it must not go on. */
  readonly ledger: string;
  /** What follows in the same message. */
  readonly then?: readonly string[];
}

/** Opens a transaction, in one message. Behind a pooler its connection is looked at first, to be left as it was found. Answers the row of the ledger; without one it is still to be taken back. */
export async function openTransaction<Row extends QueryResultRow>(
  session: Session,
  { begin = "begin isolation level read committed", lockTimeout, ledger, then = [] }: Opening,
): Promise<Row | undefined> {
  const look = session.pooled ? [lookStatement] : [];
  const results = await session.run<Row & { found: string }>(
    [begin, ...look, ...localSettings(session, lockTimeout), ledger, ...then].join("\n;"),
  );
  const [row] = results.at(-1 - then.length) ?? [];
  const found = results[1]?.[0]?.found;
  if (!session.pooled || found === undefined) return row;
  const { backend, since } = JSON.parse(found) as { readonly backend: number; readonly since: string };
  session.guest = found;
  session.backend = backend;
  session.working = `pid = ${String(backend)} and xact_start = timestamptz '${since}'`;
  return row;
}

/** The statements that end what a file has put on or left, before its transaction is committed. The role that it has put on need not be one that may write to the ledger. */
export function leavingStatements(session: Session): readonly string[] {
  const own = ["reset session authorization", "reset role"];
  // What is deferred to the commit may leave something too.
  return session.guest === undefined ? own : ["set constraints all immediate", ...own, asFoundStatement(session, session.guest)];
}

/** Takes the transaction back, and what outlives that: prepared statements, and locks of the session. */
export async function rollBack(session: Session): Promise<void> {
  const { guest } = session;
  // In one message: a pooler gives the connection away when it has answered.
  await session.ask(guest === undefined ? "rollback" : `rollback; ${asFoundStatement(session, guest)}`);
  closeTransaction(session);
}

/** To be said when a transaction has ended: behind a pooler its connection belongs to others from then on. */
export function closeTransaction(session: Session): void {
  if (!session.pooled) return;
  session.guest = undefined;
  session.backend = 0;
  session.working = undefined;
}
