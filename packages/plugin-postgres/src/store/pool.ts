import type { Pool } from "pg";
import type { DatabaseAddress } from "../connection/address.js";

/** Connections that are made when they are needed, hold no process while nothing runs on them, and are given up after a while. Works through a pooler: nothing is set or kept on any of them. */
export async function createPool(
  address: DatabaseAddress,
  { connections, longestAnswer }: { readonly connections: number; readonly longestAnswer: number },
): Promise<Pool> {
  const { default: pg } = await import("pg");
  const parsers = new pg.TypeOverrides();
  // Positions and times; none of them comes near to where a number ends.
  parsers.setTypeParser(pg.types.builtins.INT8, Number);
  const pool = new pg.Pool({
    connectionString: address.reveal(),
    application_name: "fairlead store",
    max: connections,
    allowExitOnIdle: true,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: longestAnswer,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: parsers,
  });
  // A connection that breaks says so as an event as well; without a listener that ends the process. Whoever waits for an answer is told by itself.
  const ignore = (): undefined => undefined;
  pool.on("error", ignore);
  pool.on("connect", (client) => client.on("error", ignore));
  return pool;
}
