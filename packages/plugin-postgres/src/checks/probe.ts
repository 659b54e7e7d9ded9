import { fail, toMilliseconds, withDeadline, type Clock } from "@fairlead/core";
import type { DatabaseAddress } from "../connection/address.js";
import { openSession, type Session } from "../connection/session.js";
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
  let current: Promise<Session> | undefined;
  const forget = async (): Promise<void> => {
    const session = current;
    current = undefined;
    await session?.then(
      (open) => open.close(),
      () => undefined,
    );
  };
  const open = async (): Promise<Session> => {
    // The server may have been started anew since it was asked last.
    if ((await current?.catch(() => undefined))?.lost.aborted !== false) current = undefined;
    current ??= openSession({ address, clock, name: "fairlead check", signal: new AbortController().signal, background: true });
    return current;
  };
  return {
    async ask(sql, signal) {
      const reason = (): Error =>
        fail(postgresErrors, "POSTGRES_UNREACHABLE", { database: address.name, problem: "no answer within 10 s" });
      try {
        await withDeadline(clock, { milliseconds: patience, signal, reason }, async () => (await open()).ask(sql));
      } catch (error) {
        void forget();
        throw error;
      }
    },
    close: forget,
  };
}
