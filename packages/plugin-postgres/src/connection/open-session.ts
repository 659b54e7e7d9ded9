import { Socket } from "node:net";
import { fail, toMilliseconds, withDeadline, type Clock } from "@fairlead/core";
import type { Client, QueryResult, QueryResultRow } from "pg";
import { postgresErrors } from "../postgres-errors.js";
import type { DatabaseAddress } from "./address.js";
import { connectFailure, statementFailure } from "./connection-failure.js";
import { readServer } from "./read-server.js";
import { inFile, isLeaseLost, isPassing, readServerError } from "./server-error.js";
import type { Frame, Session } from "./session.js";

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

function rowsOf<Row extends QueryResultRow>(results: QueryResult<Row> | readonly QueryResult<Row>[]): readonly (readonly Row[])[] {
  return isSeveral(results) ? results.map(({ rows }) => rows) : [results.rows];
}

/** The client's types do not know either that several statements have several results. */
function isSeveral<Row extends QueryResultRow>(
  results: QueryResult<Row> | readonly QueryResult<Row>[],
): results is readonly QueryResult<Row>[] {
  return Array.isArray(results);
}
