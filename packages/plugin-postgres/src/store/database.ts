import { coreErrors, fail, formatMilliseconds, isFairleadError, withDeadline, type Clock, type FairleadError } from "@fairlead/core";
import type { Pool, PoolClient, QueryResultRow } from "pg";
import type { DatabaseAddress } from "../connection/address.js";
import { isGone, toStoreError, unavailable } from "./failure.js";
import { createPool } from "./pool.js";

/** Something that the database is asked. */
export interface Question {
  readonly text: string;
  /** Told whether it was asked before and nobody knows what came of it. */
  readonly values?: (again: boolean) => readonly unknown[];
  /** What it does twice is not what it does once: it is not asked again once it may have arrived. */
  readonly once?: boolean;
  /** How long it is asked again while the database does not answer, in milliseconds. Default: that of the database. */
  readonly patience?: number;
}

/** The way to the database: patient with a server that restarts and with connections that break. Holds no process that waits for nothing. */
export interface Database {
  /** Rejects with `STORE_UNAVAILABLE` when patience is over, with `STORE_CLOSED`, or with what is wrong for good; `isGone` tells of the client's error where the store itself is not there. */
  ask<Row extends QueryResultRow>(question: Question): Promise<readonly Row[]>;
  /** What comes later rejects with `STORE_CLOSED`; what is under way ends by itself. Idempotent. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** How the store is called in messages. */
  readonly store: string;
  readonly address: () => Promise<DatabaseAddress>;
  readonly clock: Clock;
  /** How many connections it may have. */
  readonly connections: number;
  /** In milliseconds. */
  readonly patience: number;
}

interface Failure {
  readonly failed: unknown;
  /** Whether the question may have arrived. */
  readonly sent: boolean;
}

/** In milliseconds: after this a connection that answers nothing is given up; within these bounds it is what the question has patience for. */
const [shortestAnswer, longestAnswer] = [1_000, 5_000];

export function createDatabase({ store, address, clock, connections, patience }: DatabaseOptions): Database {
  const closed = new AbortController();
  let pool: Promise<Pool> | undefined;

  const open = (): Promise<Pool> => {
    if (pool === undefined) {
      pool = address().then((place) => createPool(place, { connections, longestAnswer }));
      // A secret that is missing now may be there later.
      pool.catch(() => {
        pool = undefined;
      });
    }
    return pool;
  };

  const attempt = async <Row extends QueryResultRow>(question: Question, again: boolean): Promise<readonly Row[] | Failure> => {
    const { text, values } = question;
    const milliseconds = Math.min(longestAnswer, Math.max(shortestAnswer, question.patience ?? patience));
    let current: Pool | undefined;
    let client: PoolClient | undefined;
    let late: FairleadError | undefined;
    const reason = (): FairleadError => (late = unavailable(store, `no answer within ${formatMilliseconds(milliseconds)}.`));
    try {
      const rows = await withDeadline(clock, { milliseconds, reason }, async (signal) => {
        current = await open();
        const lent = await current.connect();
        if (signal.aborted) {
          lent.release();
          return [];
        }
        client = lent;
        return (await lent.query<Row>(text, [...(values?.(again) ?? [])])).rows;
      });
      client?.release();
      return rows;
    } catch (failed) {
      client?.release(true);
      if (late !== undefined && failed === late) {
        // The other connections are of the same kind.
        pool = undefined;
        current?.end().catch(() => undefined);
      }
      return { failed, sent: client !== undefined };
    }
  };

  /** What an attempt failed with, if it is for good; otherwise whether the question may have arrived. */
  const judge = async ({ failed, sent }: Failure): Promise<{ readonly problem: FairleadError; readonly sent: boolean }> => {
    if (isGone(failed)) throw failed;
    const problem = isFairleadError(failed) ? failed : toStoreError(store, await address(), failed);
    if (!isFairleadError(problem, "STORE_UNAVAILABLE")) throw problem;
    return { problem, sent };
  };

  const insist = async <Row extends QueryResultRow>(question: Question, failure: Failure): Promise<readonly Row[]> => {
    let last = await judge(failure);
    let again = last.sent;
    const limit = { milliseconds: question.patience ?? patience, signal: closed.signal, reason: () => last.problem };
    return withDeadline(clock, limit, async (signal) => {
      for (let pause = 20; ; pause = Math.min(pause * 2, 500)) {
        if (again && question.once === true) throw last.problem;
        await clock.sleep(pause * (1 + Math.random()), { signal });
        const answer = await attempt<Row>(question, again);
        if (!isFailure(answer)) return answer;
        last = await judge(answer);
        again ||= last.sent;
      }
    });
  };

  return {
    async ask<Row extends QueryResultRow>(question: Question) {
      closed.signal.throwIfAborted();
      const answer = await attempt<Row>(question, false);
      return isFailure(answer) ? insist<Row>(question, answer) : answer;
    },
    async close() {
      if (closed.signal.aborted) return;
      closed.abort(fail(coreErrors, "STORE_CLOSED", { store }));
      const opened = await pool?.catch(() => undefined);
      await opened?.end().catch(() => undefined);
    },
  };
}

function isFailure(answer: object): answer is Failure {
  return "failed" in answer;
}
