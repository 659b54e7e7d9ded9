import type { CheckResult, Clock } from "@fairlead/core";
import type { DatabaseAddress } from "../connection/address.js";
import { openSession } from "../connection/open-session.js";
import { readFolder } from "../folder/read-folder.js";

/** The oldest server that is supported. */
const oldest = 130_000;

/** Whether the server lets us in, is new enough and takes changes. */
export async function askServer(options: {
  readonly address: DatabaseAddress;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): Promise<CheckResult> {
  const begun = options.clock.now();
  const session = await openSession({ ...options, name: "fairlead doctor" });
  try {
    const { version, pooled } = session;
    const [server] = await session.ask<{ readOnly: boolean }>(
      `select pg_is_in_recovery() or current_setting('transaction_read_only')::boolean as "readOnly"`,
    );
    const data = { version: Math.floor(version / 10_000), pooled, latency: options.clock.now() - begun };
    if (version < oldest) {
      const message = `The server is PostgreSQL ${String(data.version)}; 13 is the oldest that is supported.`;
      return { status: "down", reason: "server_too_old", message, hint: "Update the server.", data };
    }
    if (server?.readOnly === true) {
      const message = "It takes no changes: it is a replica, or set to read-only.";
      return { status: "down", reason: "read_only", message, hint: "Put the address of the primary into the secret.", data };
    }
    return { status: "up", data };
  } finally {
    await session.close();
  }
}

/** Whether the migrations can be read and understood. */
export async function askFolder(folder: string): Promise<CheckResult> {
  const files = await readFolder(folder);
  const data = { migrations: files.length };
  const [problem] = files.flatMap(({ path, problems }) => problems.map((one) => ({ path, ...one })));
  if (problem === undefined) return { status: "up", data };
  const message = `${problem.path}:${String(problem.line)}: ${problem.message}`;
  return { status: "down", reason: "migrations_invalid", message, hint: problem.hint, data };
}
