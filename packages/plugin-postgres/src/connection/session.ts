import { Socket } from "node:net";
import { fail, toMilliseconds, withDeadline, type Clock } from "@fairlead/core";
import type { Client, QueryResult, QueryResultRow } from "pg";
import { postgresErrors } from "../postgres-errors.js";
import type { DatabaseAddress } from "./address.js";
import { connectFailure, statementFailure } from "./connection-failure.js";
import { inFile, isLeaseLost, isPassing, readServerError } from "./server-error.js";

export interface SessionOptions {
  readonly address: DatabaseAddress;
  readonly clock: Clock;
  /** Shown to others who look at the server (`application_name`); at most 63 characters count. */
  readonly name: string;
  /** When it aborts, what runs is cancelled at the server and the connection ends. */
  readonly signal: AbortSignal;
  /** When it aborts while the connection is being opened, that ends; afterwards it does not count. */
  readonly opening?: AbortSignal;
  /** Another session, through which the server is told to cancel. Without it the connection is just cut, which the server may notice late. */
  readonly cancelThrough?: Session;
  /** How long it may take to be let in, in milliseconds. Default 10 s; a crew of runners that comes at once to a busy server needs more. */
  readonly patience?: number;
  /** Whether the process may end although it is open. Default false. */
  readonly background?: boolean;
  /** Handed what others `notify` on the channels that are listened to. */
  readonly onNotification?: (payload: string) => void;
}

/** One connection. Its methods reject with the signal's reason once that aborts. */
export interface Session {
  readonly address: DatabaseAddress;
  /** E.g. 180004. */
  readonly version: number;
  /** Whether a pooler stands between: then two transactions may run in two backends, and what is set outlives the session. */
  readonly pooled: boolean;
  /** Whether the server can look, while it works, if its client is still there. */
  readonly looksAfterClient: boolean;
  /** The signal that it was opened with. */
  readonly signal: AbortSignal;
  /** Aborts when the connection is lost. */
  readonly lost: AbortSignal;
  /** The process at the server that works for this session. Behind a pooler it is another one in every transaction, and 0 between them. */
  backend: number;
  /** Which row of `pg_stat_activity` is this session's work and nobody else's, as a condition. None while a pooler gives it no process: then nothing can be cancelled. */
  working: string | undefined;
  /** Behind a pooler what the connection was like, as JSON, when the transaction began that is open. */
  guest: string | undefined;
  /** What is asked in every transaction that changes the ledger, as a condition in SQL: an error where another process has taken over. None where the lock ends with a connection. */
  held: string | undefined;
  /** The statements that give it the settings that migrations run with, once it has them. */
  own: readonly string[] | undefined;
  /**
   * Asks something of one's own, within `patience` milliseconds (default 15 s). Rejects with an error of the catalogue. In a transaction that stays open, what was asked
   * with values keeps its snapshot until something else is asked, and whatever waits for old snapshots waits for it.
   */
  ask<Row extends QueryResultRow>(sql: string, values?: readonly unknown[], patience?: number): Promise<readonly Row[]>;
  /** Runs any number of statements in one go, for as long as they take, and answers the rows of each. Rejects with what `readServerError` reads if a statement fails. */
  run<Row extends QueryResultRow>(sql: string): Promise<readonly (readonly Row[])[]>;
  /** Runs one statement with values, for as long as it takes, and answers its rows; without values any number of statements. Rejects as `run` does. */
  query<Row extends QueryResultRow>(sql: string, values: readonly unknown[]): Promise<readonly Row[]>;
  /** The same for the text of a file, in one message with statements of one's own. What the server says against it has its place in the text and the number of the statement that failed. */
  runFile(text: string, frame?: Frame): Promise<void>;
  /** A text as it is written in SQL. */
  quote(text: string): string;
  /** Ends the connection; what was not committed is undone. Idempotent, never rejects. */
  close(): Promise<void>;
}

/** What runs around the text of a file. */
export interface Frame {
  readonly before: string;
  /** How many statements `before` has. */
  readonly count: number;
  readonly after: string;
}

const noFrame: Frame = { before: "", count: 0, after: "" };

const connectPatience = toMilliseconds("10s");
const askPatience = toMilliseconds("15s");
/** How long a statement may take to end after it was cancelled, before its connection is cut. */
const cancelPatience = toMilliseconds("2s");
const closePatience = toMilliseconds("1s");

/** Opens a connection. Rejects with an error of the catalogue, or with the signal's reason. */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { address, clock, signal } = options;
  const opening = options.opening === undefined ? signal : AbortSignal.any([signal, options.opening]);
  opening.throwIfAborted();
  const client = await createClient(options);
  const lost = new AbortController();
  let closing = false;
  const onLost = (): void => {
    if (!closing) lost.abort(fail(postgresErrors, "POSTGRES_CONNECTION_LOST", { database: address.name, problem: "it was closed" }));
  };
  // Without a listener, a connection that breaks while nothing runs ends the process.
  client.on("error", onLost);
  client.on("end", onLost);
  client.on("notification", ({ payload = "" }) => options.onNotification?.(payload));
  const cut = (): void => {
    client.connection.stream.destroy();
  };

  const within = <Result>(milliseconds: number, until: AbortSignal, work: () => Promise<Result>): Promise<Result> => {
    const problem = `no answer within ${String(milliseconds / 1_000)} s`;
    const reason = (): Error => fail(postgresErrors, "POSTGRES_UNREACHABLE", { database: address.name, problem });
    return withDeadline(clock, { milliseconds, signal: until, reason }, work);
  };
  // The client warns whoever asks it for two things at once.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <Result>(query: () => Promise<Result>): Promise<Result> => {
    const mine = turn.then(query);
    turn = mine.catch(() => undefined);
    return mine;
  };
  const ask = async <Row extends QueryResultRow>(
    sql: string,
    values: readonly unknown[] = [],
    patience = askPatience,
  ): Promise<readonly Row[]> => {
    signal.throwIfAborted();
    lost.signal.throwIfAborted();
    try {
      return (await within(patience, signal, () => inTurn(() => client.query<Row>(sql, [...values])))).rows;
    } catch (error) {
      signal.throwIfAborted();
      throw statementFailure(address, error);
    }
  };
  const perform = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    signal.throwIfAborted();
    lost.signal.throwIfAborted();
    try {
      return await inTurn(work);
    } catch (error) {
      signal.throwIfAborted();
      const server = readServerError(error);
      throw server === undefined || isPassing(server) || isLeaseLost(server) ? statementFailure(address, error) : error;
    }
  };

  const runFile = async (text: string, { before, count, after }: Frame = noFrame): Promise<void> => {
    let ended = 0;
    const onEnd = (): void => {
      ended += 1;
    };
    await perform(async () => {
      client.connection.on("commandComplete", onEnd);
      try {
        await client.query(`${before}${text}${after}`);
      } catch (error) {
        throw inFile(error, { before, text, after, statement: ended + 1 - count });
      } finally {
        client.connection.off("commandComplete", onEnd);
      }
    });
  };

  const onAbort = (): void => {
    const { cancelThrough } = options;
    if (cancelThrough === undefined || session.working === undefined) {
      cut();
      return;
    }
    void cancelThrough.ask(`select pg_cancel_backend(pid) from pg_stat_activity where ${session.working}`).catch(cut);
    void clock.sleep(cancelPatience, { signal: lost.signal, background: true }).then(cut, () => undefined);
  };

  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    closing = true;
    signal.removeEventListener("abort", onAbort);
    const unanswered = new AbortController();
    const ended = client.end().catch(() => undefined);
    void clock.sleep(closePatience, { signal: unanswered.signal }).then(cut, () => undefined);
    await ended;
    unanswered.abort();
    lost.abort();
  };

  const session: Session = {
    address,
    version: 0,
    pooled: false,
    looksAfterClient: false,
    signal,
    lost: lost.signal,
    backend: 0,
    working: undefined,
    guest: undefined,
    held: undefined,
    own: undefined,
    ask,
    run: (sql) => perform(async () => rowsOf(await client.query(sql))),
    query: <Row extends QueryResultRow>(sql: string, values: readonly unknown[]) =>
      perform(async () =>
        values.length === 0 ? (rowsOf(await client.query<Row>(sql)).at(-1) ?? []) : (await client.query<Row>(sql, [...values])).rows,
      ),
    runFile,
    quote: (text) => client.escapeLiteral(text),
    close: () => (closed ??= close()),
  };

  try {
    await within(Math.max(connectPatience, options.patience ?? 0), opening, async () => {
      await client.connect();
      if (options.background === true) letProcessEnd(client);
      Object.assign(session, await readServer(session, client));
    });
    signal.addEventListener("abort", onAbort, { once: true });
    return session;
  } catch (error) {
    cut();
    opening.throwIfAborted();
    throw connectFailure(address, error);
  }
}

async function createClient({ address, name }: SessionOptions): Promise<Client> {
  const { default: pg } = await import("pg");
  try {
    return new pg.Client({
      connectionString: address.reveal(),
      application_name: name,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    });
  } catch (error) {
    throw connectFailure(address, error);
  }
}

function letProcessEnd({ connection: { stream } }: Client): void {
  if (stream instanceof Socket) stream.unref();
}

async function readServer(
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

function rowsOf<Row extends QueryResultRow>(results: QueryResult<Row> | readonly QueryResult<Row>[]): readonly (readonly Row[])[] {
  return isSeveral(results) ? results.map(({ rows }) => rows) : [results.rows];
}

/** The client's types do not know either that several statements have several results. */
function isSeveral<Row extends QueryResultRow>(
  results: QueryResult<Row> | readonly QueryResult<Row>[],
): results is readonly QueryResult<Row>[] {
  return Array.isArray(results);
}
