import type { QueryResultRow } from "pg";
import type { Session } from "../connection/session.js";
import { asFoundStatement, lookStatement } from "./as-found.js";
import { cleaningStatements, localSettings } from "./settings.js";

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
  const held = session.held === undefined ? [] : [`select ${session.held}`];
  const results = await session.run<Row & { found: string }>(
    [begin, ...look, ...localSettings(session, lockTimeout), ...held, ledger, ...then].join("\n;"),
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

/**
 * The statements that put off the role of a file before its transaction is committed: it need not be one that may write to the ledger. Behind a pooler nothing else that the file has left stays either, and it is asked once more
 * whether another process has taken over: should the transaction be another than the one that was opened, nothing has kept others from it.
 */
export function leavingStatements(session: Session): readonly string[] {
  const own = ["reset session authorization", "reset role"];
  const held = session.held === undefined ? [] : [`select ${session.held}`];
  return session.guest === undefined ? own : [...settled, ...own, asFoundStatement(session, session.guest), ...held];
}

/** The same for the last transaction of a file: nothing that it has set or left goes over to the next one. */
export function endingStatements(session: Session): readonly string[] {
  return session.pooled ? leavingStatements(session) : [...settled, ...cleaningStatements(session)];
}

/** What is deferred to the commit may leave something too. */
const settled = ["set constraints all immediate"];

/** Commits the transaction behind these statements, in one message. Answers the rows of each. */
export async function commit<Row extends QueryResultRow>(
  session: Session,
  ending: readonly string[] = [],
): Promise<readonly (readonly Row[])[]> {
  const results = await session.run<Row>([...ending, "commit"].join("; "));
  closeTransaction(session);
  return results.slice(0, -1);
}

/** Takes the transaction back, and what outlives that: prepared statements, and locks of the session. */
export async function rollBack(session: Session): Promise<void> {
  const { guest } = session;
  // In one message: a pooler gives the connection away when it has answered.
  await session.ask(guest === undefined ? "rollback" : `rollback; ${asFoundStatement(session, guest)}`);
  closeTransaction(session);
}

/** The same for a file that is in one transaction: whatever it has left is gone too. */
export async function rollBackAll(session: Session): Promise<void> {
  if (session.pooled) return rollBack(session);
  await session.ask(["rollback", ...cleaningStatements(session)].join("; "));
}

/** To be said when a transaction has ended: behind a pooler its connection belongs to others from then on. */
export function closeTransaction(session: Session): void {
  if (!session.pooled) return;
  session.guest = undefined;
  session.backend = 0;
  session.working = undefined;
}
