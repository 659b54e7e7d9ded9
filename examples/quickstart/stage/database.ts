import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import pg from "pg";

/** A PostgreSQL server with an empty database for the shop. */
export interface Database {
  readonly url: string;
  /** The same database for the worker: a role that may not change the schema. */
  readonly workerUrl: string;
  /** Empties the database. */
  reset(): Promise<void>;
  /** Ends the server and removes its data. */
  stop(): Promise<void>;
}

const worker = { role: "shop_worker", password: "worker" } as const;

export async function startDatabase(): Promise<Database> {
  // Of a process group of its own: Ctrl-C is for the one that started it, which still needs it to tidy up.
  const server = fork(join(import.meta.dirname, "database-process.ts"), { detached: true, stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const ended = once(server, "exit");
  const [serverUrl] = await Promise.race([
    once(server, "message"),
    ended.then(([code]) => Promise.reject(new Error(`PostgreSQL did not start: its process ended with exit code ${String(code)}`))),
  ]);
  const url = toDatabase(String(serverUrl), "shop");
  const create = async (): Promise<void> => {
    await run(String(serverUrl), "create database shop");
    await run(url, `alter default privileges in schema public grant select, insert, update on tables to ${worker.role}`);
  };
  await run(String(serverUrl), `create role ${worker.role} login password '${worker.password}'`);
  await create();
  return {
    url,
    workerUrl: withUser(url, worker.role, worker.password),
    async reset() {
      await run(String(serverUrl), "drop database shop with (force)");
      await create();
    },
    async stop() {
      if (server.connected) server.disconnect();
      await ended;
    },
  };
}

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function toDatabase(url: string, database: string): string {
  return Object.assign(new URL(url), { pathname: `/${database}` }).href;
}

function withUser(url: string, username: string, password: string): string {
  return Object.assign(new URL(url), { username, password }).href;
}
