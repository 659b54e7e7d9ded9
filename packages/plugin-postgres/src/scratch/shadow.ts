import { isFairleadError, isSecret, Secret, type Clock, type Logger } from "@fairlead/core";
import { readAddress, type DatabaseAddress } from "../connection/address.js";
import { openSession } from "../connection/open-session.js";
import type { Session } from "../connection/session.js";
import type { StartShadow } from "../options.js";
import { stayOpen } from "../connection/stay-open.js";
import { findOutward } from "./outward.js";
import type { Place } from "./rehearsal.js";
import { copying, withScratchDatabase, type Unavailable } from "./scratch-database.js";

/** Where migrations are tried before they run. */
export type Shadow =
  /** On an empty database beside the real one. */
  | { readonly kind: "beside" }
  /** On a copy of the real one, rows and all. */
  | { readonly kind: "template" }
  /** On an empty database of another server, which may be started for it. */
  | { readonly kind: "elsewhere"; readonly start: () => Promise<OtherServer> };

interface OtherServer {
  readonly address: DatabaseAddress;
  stop(): Promise<void>;
}

export interface ShadowOptions {
  readonly shadow: Shadow;
  /** A connection to the real database. It is closed where that is copied: a database is copied only while nobody is connected to it. */
  readonly admin: Session;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** What the option says: `beside`, `template`, an address, or how a server is started. Throws `POSTGRES_URL_INVALID`. */
export function readShadow(option: Secret | string | StartShadow): Shadow {
  if (option === "beside" || option === "template") return { kind: option };
  if (typeof option === "function") return { kind: "elsewhere", start: () => startedBy(option) };
  const address = readAddress(isSecret(option) ? option : new Secret("shadow", option));
  return { kind: "elsewhere", start: () => Promise.resolve({ address, stop: () => Promise.resolve() }) };
}

async function startedBy(start: StartShadow): Promise<OtherServer> {
  const server = await start();
  try {
    return { address: readAddress(new Secret("shadow", server.url)), stop: () => server.stop() };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Tries something on a scratch database, which is dropped again. Answers why not where that is not to be had. */
export async function withShadow<Result>(
  { shadow, admin, ...options }: ShadowOptions,
  work: (place: Place) => Promise<Result>,
): Promise<Result | { readonly refused: string }> {
  await stayOpen(admin);
  if (shadow.kind === "template") return onCopy({ admin, ...options }, work);
  if (shadow.kind === "beside")
    return orRefused(
      await withScratchDatabase({ admin, like: await databaseOf(admin), ...options }, (scratch) => work({ scratch, real: admin })),
      admin,
    );
  return onOther({ start: shadow.start, admin, ...options }, work);
}

async function onOther<Result>(
  { start, admin, ...options }: Omit<ShadowOptions, "shadow"> & { readonly start: () => Promise<OtherServer> },
  work: (place: Place) => Promise<Result>,
): Promise<Result | { readonly refused: string }> {
  let other: OtherServer;
  try {
    other = await start();
  } catch (error) {
    return { refused: `the server of \`shadow\` could not be started: ${error instanceof Error ? error.message : String(error)}` };
  }
  try {
    const server = await openSession({ address: other.address, clock: options.clock, name: "fairlead verify", ...unbound(options.signal) });
    try {
      if (major(server) !== major(admin))
        return { refused: `the server of \`shadow\` is of version ${String(major(server))}, the real one of ${String(major(admin))}.` };
      return orRefused(
        await withScratchDatabase({ admin: server, ...options }, (scratch) => work({ scratch, real: admin, elsewhere: true })),
        server,
      );
    } finally {
      await server.close();
    }
  } finally {
    await other.stop();
  }
}

/** What the server calls it; a pooler may call it otherwise. */
async function databaseOf(admin: Session): Promise<string> {
  const [database] = await admin.ask<{ name: string }>("select current_database() as name");
  return database?.name ?? "";
}

/** Other clients than our own. What the server itself does there ends when it copies; of what is somebody else's it may not tell us the kind. */
const connected = `select from pg_stat_activity
  where datname = $1 and pid <> all ($2::int[]) and coalesce(backend_type = 'client backend', usesysid is not null)`;

async function onCopy<Result>(
  { admin, clock, log, signal }: Omit<ShadowOptions, "shadow">,
  work: (place: Place) => Promise<Result>,
): Promise<Result | { readonly refused: string }> {
  if (admin.pooled)
    return { refused: `${admin.address.name} is a connection pooler, which stays connected: what is in use cannot be copied.` };
  const outward = await findOutward(admin);
  if (outward !== undefined)
    return { refused: `what runs on a copy of ${admin.address.name} may change what is in use elsewhere: it has ${outward}.` };
  const template = await databaseOf(admin);
  await admin.close();
  const beside = template === "postgres" ? "template1" : "postgres";
  const server = await openSession({ address: admin.address.of(beside), clock, name: "fairlead verify", ...unbound(signal) });
  try {
    const others = await server.ask(connected, [template, [admin.backend, server.backend]]);
    if (others.length > 0) return inUse(admin);
    return orRefused(
      await withScratchDatabase({ admin: server, clock, log, signal, template, like: template }, (scratch) =>
        work({ scratch, real: undefined }),
      ),
      admin,
    );
  } catch (error) {
    if (isFairleadError(error) && error.data["sqlState"] === "55006") return inUse(admin);
    throw error;
  } finally {
    await server.close();
  }
}

function inUse({ address }: Session): { readonly refused: string } {
  return { refused: `${address.name} cannot be copied while others are connected to it.` };
}

/** Not bound to the signal: through it the scratch database is dropped when that aborts. */
function unbound(opening: AbortSignal): { readonly signal: AbortSignal; readonly opening: AbortSignal } {
  return { signal: new AbortController().signal, opening };
}

function orRefused<Result>(result: Result | Unavailable, { address }: Session): Result | { readonly refused: string } {
  if (result === "refused") return { refused: "its role may not create databases." };
  if (result === "pooled") return { refused: `${address.name} is a connection pooler, which does not lead to other databases than that.` };
  if (result !== "cancelled") return result;
  const seconds = String(copying / 1_000);
  return {
    refused: `${address.name} was not copied, its copy was cancelled: nobody can connect to it meanwhile, so one may take ${seconds} s.`,
  };
}

function major({ version }: Session): number {
  return Math.floor(version / 10_000);
}
