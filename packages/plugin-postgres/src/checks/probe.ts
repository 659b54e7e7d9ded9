import { fail, toMilliseconds, withDeadline, type Clock } from "@fairlead/core";
import type { DatabaseAddress } from "../connection/address.js";
import { openSession } from "../connection/open-session.js";
import type { Session } from "../connection/session.js";
import { postgresErrors } from "../postgres-errors.js";

/** A connection that is there to be asked whether it is there. It keeps no process alive. */
export interface Probe {
  /** Connects if need be, and asks. After a failure the next call connects anew. */
  ask(sql: string, signal: AbortSignal): Promise<void>;
  /** Idempotent. */
  close(): Promise<void>;
}

const patience = toMilliseconds("10s");

export function createProbe({ address, clock }: { readonly address: DatabaseAddress; readonly clock: Clock }): Probe {
  let current: Connection | undefined;
  const open = (): Connection => {
    // The server may have been started anew since it was asked last.
    if (current?.isLost() !== false) current = connect({ address, clock });
    return current;
  };
  const forget = async (connection: Connection | undefined): Promise<void> => {
    if (current === connection) current = undefined;
    await connection?.end();
  };
  return {
    async ask(sql, signal) {
      const reason = (): Error =>
        fail(postgresErrors, "POSTGRES_UNREACHABLE", { database: address.name, problem: "no answer within 10 s" });
      const connection = open();
      try {
        await withDeadline(clock, { milliseconds: patience, signal, reason }, async () => (await connection.session).ask(sql));
      } catch (error) {
        void forget(connection);
        throw error;
      }
    },
    close: () => forget(current),
  };
}

/** One that is open or being opened. */
interface Connection {
  readonly session: Promise<Session>;
  isLost(): boolean;
  /** Gives it up, also while it is being opened. */
  end(): Promise<void>;
}

function connect({ address, clock }: { readonly address: DatabaseAddress; readonly clock: Clock }): Connection {
  const given = new AbortController();
  let lost: AbortSignal | undefined;
  const session = openSession({
    ...{ address, clock, name: "fairlead check", background: true },
    ...{ signal: new AbortController().signal, opening: given.signal },
  }).then((open) => {
    lost = open.lost;
    return open;
  });
  return {
    session,
    isLost: () => lost?.aborted === true,
    async end() {
      given.abort();
      await session.then(
        (open) => open.close(),
        () => undefined,
      );
    },
  };
}
