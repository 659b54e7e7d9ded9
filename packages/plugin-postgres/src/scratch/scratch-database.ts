import { randomBytes } from "node:crypto";
import { isFairleadError, toMilliseconds, type Clock, type Logger } from "@fairlead/core";
import { openSession } from "../connection/open-session.js";
import type { Session } from "../connection/session.js";
import { stayOpen } from "../connection/stay-open.js";
import { quoteName } from "../sql/quoted.js";
import { copySettings } from "./like-real.js";

const prefix = "fairlead_scratch_";
const named = /^fairlead_scratch_([0-9a-z]+)_[0-9a-f]{8}$/;

/** Between its making and the first connection to it, a scratch database looks like one that nobody wants any more. */
const youngest = toMilliseconds("1m");

/** A busy server copies what an empty database begins with only after it has written down everything else. */
const patience = toMilliseconds("1m");

/** How long what is under way may still take to end once nobody wants it any more; then it is left to the next run. */
const grace = toMilliseconds("5s");

export interface ScratchOptions {
  /** A connection to the server. */
  readonly admin: Session;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** The database that it is to be a copy of. Default: an empty one. */
  readonly template?: string;
  /** The database of this server whose settings it is to have. Default: none of any. */
  readonly like?: string;
}

/** How long a copy may take: nobody can connect to the database meanwhile. */
export const copying = toMilliseconds("1m");

/** Why there is none. */
export type Unavailable = "refused" | "cancelled" | "pooled";

/**
 * Makes a database beside the one of `admin`, hands over a connection to it and drops it again, however `work` ends. First drops those that killed processes left. Answers `"refused"` where the role may not create
 * databases, or not copy this one, `"cancelled"` where the server has ended the copy, and `"pooled"` where a
 * pooler does not lead to what was made.
 */
export async function withScratchDatabase<Result>(
  { admin, clock, log, signal, template, like }: ScratchOptions,
  work: (scratch: Session) => Promise<Result>,
): Promise<Result | Unavailable> {
  const [role] = await admin.ask<{ creates: boolean }>(
    "select rolcreatedb or rolsuper as creates from pg_roles where rolname = current_user",
  );
  if (role?.creates !== true) return "refused";
  await stayOpen(admin);
  await dropAbandoned(admin, { clock, log, signal });
  const name = `${prefix}${clock.now().toString(36)}_${randomBytes(4).toString("hex")}`;
  const wanted = { clock, signal };
  try {
    const made = await whileWanted(wanted, make(admin, name, { ...wanted, template }));
    signal.throwIfAborted();
    if (made !== "made") return made;
    if (like !== undefined) await copySettings(admin, { from: like, to: name, log });
    const options = { address: admin.address.of(name), clock, name: "fairlead verify", signal, cancelThrough: admin };
    const scratch = await openSession(options).catch((error: unknown) => {
      signal.throwIfAborted();
      if (admin.pooled && isFairleadError(error)) return "pooled" as const;
      throw error;
    });
    if (scratch === "pooled") return scratch;
    try {
      if (admin.address.schema !== undefined) await scratch.ask(`create schema if not exists "${admin.address.schema}"`);
      return await work(scratch);
    } finally {
      await scratch.close();
    }
  } finally {
    await drop(admin, name, { ...wanted, log, force: true });
  }
}

async function make(
  admin: Session,
  name: string,
  { template, signal, clock }: Wanted & { readonly template: string | undefined },
): Promise<"refused" | "cancelled" | "made"> {
  if (template === undefined) {
    await admin.ask(`create database ${name}`, [], patience);
    return "made";
  }
  const onAbort = (): void => {
    void cancel(admin, name, clock);
  };
  // Also where this process is killed, or its server does not answer any more.
  await admin.ask(`set statement_timeout = ${String(copying)}`);
  if (admin.looksAfterClient) await admin.ask("set client_connection_check_interval = 500");
  signal.throwIfAborted();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    await admin.ask(`create database ${name} template ${quoteName(template)}`, [], copying + patience);
    return "made";
  } catch (error) {
    signal.throwIfAborted();
    if (isFairleadError(error) && error.code === "POSTGRES_PRIVILEGE_MISSING") return "refused";
    if (isFairleadError(error) && error.data["sqlState"] === "57014") return "cancelled";
    throw error;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** Ends the making of a database through a connection of its own; where that does not work, the server ends it in time. */
async function cancel({ address }: Session, name: string, clock: Clock): Promise<void> {
  const opened = openSession({ address, clock, name: "fairlead verify", signal: new AbortController().signal });
  await opened
    .then(async (session) => {
      const making = "pid <> pg_backend_pid() and state = 'active' and starts_with(query, 'create database ' || $1)";
      await session.ask(`select pg_cancel_backend(pid) from pg_stat_activity where ${making}`, [name]).finally(() => session.close());
    })
    .catch(() => undefined);
}

interface Wanted {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** The server waits up to 5 s for the connections to it to end; with `force` it ends them: a pooler keeps those that nobody uses. */
async function drop(
  admin: Session,
  name: string,
  { log, force = false, ...wanted }: Wanted & { readonly log: Logger; readonly force?: boolean },
): Promise<void> {
  const how = force && admin.version >= 130_000 ? " with (force)" : "";
  await whileWanted(wanted, admin.ask(`drop database if exists ${name}${how}`, [], patience)).catch((error: unknown) => {
    log.warn(`The scratch database ${name} could not be dropped and is left to the next run.`, {
      code: isFairleadError(error) ? error.code : "UNEXPECTED_ERROR",
    });
  });
}

/** Settles with the work, or rejects when that has not ended a while after the signal aborted. */
async function whileWanted<Result>({ clock, signal }: Wanted, work: Promise<Result>): Promise<Result> {
  const ended = new AbortController();
  const unwanted = new Promise<never>((_, reject) => {
    const onAbort = (): void => {
      clock.sleep(grace, { signal: ended.signal }).then(
        () => {
          reject(signal.reason as Error);
        },
        () => undefined,
      );
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true, signal: ended.signal });
  });
  try {
    return await Promise.race([work, unwanted]);
  } finally {
    ended.abort("it has ended");
  }
}

async function dropAbandoned(admin: Session, { clock, log, signal }: Wanted & { readonly log: Logger }): Promise<void> {
  const found = await admin.ask<{ name: string }>(
    `select datname as name from pg_database d
      where starts_with(datname, $1) and pg_has_role(datdba, 'usage')
        and not exists (select from pg_stat_activity a where a.datid = d.oid)`,
    [prefix],
  );
  for (const { name } of found) {
    const made = Number.parseInt(named.exec(name)?.[1] ?? "", 36);
    if (clock.now() - made > youngest) await drop(admin, name, { clock, signal, log });
  }
}
