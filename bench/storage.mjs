// Where the benchmarks keep their stores: new ones on demand, gone at the end.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret, sqliteStore } from "../packages/core/dist/index.js";
import { postgresStore } from "../packages/plugin-postgres/dist/store.js";
import { startPostgres } from "../packages/testing/dist/postgres.js";

/** @param {string} kind `sqlite` or `postgres`: a server of its own on loopback, whose commits are on the disk when it says so */
export async function openStorage(kind) {
  if (kind === "sqlite") {
    const folder = await mkdtemp(join(tmpdir(), "fairlead-bench-"));
    let count = 0;
    return {
      createStore: async () => sqliteStore({ path: join(folder, `${++count}.db`) }),
      close: () => rm(folder, { recursive: true }),
    };
  }
  const server = await startPostgres({ settings: { fsync: "on" } });
  return {
    createDatabase: () => server.createDatabase(),
    createStore: async () => postgresStore({ url: new Secret("BENCH_DATABASE_URL", await server.createDatabase()) }),
    close: () => server.stop(),
  };
}
