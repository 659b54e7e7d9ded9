import { mkdtemp, rm, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret, type Store } from "@fairlead/core";
import { embeddedPostgres, postgres as service, requireService } from "@fairlead/test-support";
import { startPostgres, type PostgresServer } from "@fairlead/testing/postgres";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { postgresStore, type PostgresStoreOptions } from "../../src/store/index.js";
import { startRelay, type Relay } from "./relay.js";

/** A database, and stores in it that reach it through a relay. */
export interface StoreScene {
  /** The database itself. */
  readonly url: string;
  readonly relay: Relay;
  /** Another store on the same data, as another process would have it. */
  open(options?: Partial<PostgresStoreOptions> & { readonly direct?: boolean }): Store;
  query<Row extends Record<string, unknown> = Record<string, unknown>>(sql: string): Promise<readonly Row[]>;
  /** Ends the connections of all stores at the server, and answers how many those were. */
  terminate(): Promise<number>;
  /** Stops the server and starts it again with the same data. */
  restart(): Promise<void>;
}

/** One server for the file's tests; each scene has a database of its own. */
export function useStores(): () => Promise<StoreScene> {
  let directory: string;
  let server: PostgresServer;
  const cleanups: (() => Promise<unknown>)[] = [];
  beforeEach((context) => {
    requireService(context, service);
  });
  beforeAll(async () => {
    if (!service.available) return;
    directory = await mkdtemp(join(await quickFolder(), "fairlead-store-"));
    server = await startPostgres({ directory, module: embeddedPostgres() });
  });
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });
  afterAll(async () => {
    if (!service.available) return;
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  });

  return async () => {
    let url = await server.createDatabase();
    const relay = await startRelay(url);
    cleanups.push(() => relay.close());
    const query = async <Row extends Record<string, unknown>>(sql: string): Promise<readonly Row[]> => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      try {
        return (await client.query<Row>(sql)).rows;
      } finally {
        await client.end();
      }
    };
    return {
      get url() {
        return url;
      },
      relay,
      open({ direct = false, ...options } = {}) {
        const store = postgresStore({ url: new Secret("STORE_URL", direct ? url : relay.url), ...options });
        cleanups.push(() => store.close());
        return store;
      },
      query,
      terminate: async () =>
        (await query("select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'fairlead store%'")).length,
      async restart() {
        const name = new URL(url).pathname;
        await server.stop();
        server = await startPostgres({ directory, module: embeddedPostgres() });
        url = server.url.replace(/\/postgres$/, name);
        relay.retarget(url);
      },
    };
  };
}

/** In memory, if there is one with room: databases are hundreds of files. */
async function quickFolder(): Promise<string> {
  const memory = "/dev/shm";
  const space = await statfs(memory).catch(() => undefined);
  return space !== undefined && space.bavail * space.bsize > 4 * 2 ** 30 ? memory : tmpdir();
}
