import { isFairleadError } from "@fairlead/core";
import { startPostgres, type PostgresServer } from "@fairlead/testing/postgres";
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { promisify } from "node:util";
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

const worker = "shop_worker";

/** Starts one, with these passwords or random ones. */
export async function startDatabase(passwords?: { readonly owner: string; readonly worker: string }): Promise<Database> {
  const server = await startServer();
  const password = passwords?.worker ?? randomBytes(12).toString("hex");
  const address = passwords === undefined ? server.url : withLogin(server.url, "postgres", passwords.owner);
  const url = Object.assign(new URL(address), { pathname: "/shop" }).href;
  const create = async (): Promise<void> => {
    await runSql(address, "create database shop");
    await runSql(url, `alter default privileges in schema public grant select, insert, update on tables to ${worker}`);
  };
  try {
    await runSql(server.url, `create role ${worker} login password ${pg.escapeLiteral(password)}`);
    if (passwords !== undefined) await runSql(server.url, `alter role postgres password ${pg.escapeLiteral(passwords.owner)}`);
    await create();
  } catch (error) {
    await server.stop();
    throw error;
  }
  return {
    url,
    workerUrl: withLogin(url, worker, password),
    async reset() {
      await runSql(address, "drop database shop with (force)");
      await create();
    },
    stop: () => server.stop(),
  };
}

function withLogin(url: string, username: string, password: string): string {
  return Object.assign(new URL(url), { username, password: encodeURIComponent(password) }).href;
}

/** PostgreSQL refuses to run as root. In a container one is nothing else, and there the user that it wants may have to be made first. */
async function startServer(): Promise<PostgresServer> {
  try {
    return await startPostgres();
  } catch (error) {
    if (!isFairleadError(error, "TESTING_POSTGRES_USER_MISSING")) throw error;
    await promisify(execFile)("useradd", ["--system", "--user-group", "--shell", "/usr/sbin/nologin", "postgres"]);
    return startPostgres();
  }
}

/** Runs a statement on a connection of its own. */
export async function runSql(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
