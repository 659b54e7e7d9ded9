// Other tools that apply the same migrations, each with a folder as it wants one, the way its documentation says, and a ledger of its own. What each does not do is in the comment above it.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Logger } from "@graphile/logger";
import { resolveBinary } from "dbmate";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate as migrateDrizzle } from "drizzle-orm/node-postgres/migrator";
import { migrate as migrateGraphile } from "graphile-migrate";
import { Kysely, PostgresDialect, sql } from "kysely";
import { Migrator } from "kysely/migration";
import { runner } from "node-pg-migrate";
import pg from "pg";
import { Umzug } from "umzug";

const run = promisify(execFile);
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: console.error };

/** @typedef {{ name: string, text: string }} Migration */
/** @typedef {{ name: string, again: boolean, prepare(folder: string, migrations: readonly Migration[]): Promise<void>, apply(folder: string, url: string): Promise<void> }} Peer */

/** @param {string} folder @param {readonly Migration[]} migrations @param {(migration: Migration) => string} text */
async function writeAll(folder, migrations, text = ({ text: own }) => own) {
  for (const migration of migrations) await writeFile(join(folder, `${migration.name}.sql`), text(migration));
}

/** @param {string} url @param {(client: pg.Client) => Promise<void>} work */
async function withClient(url, work) {
  const client = new pg.Client(url);
  await client.connect();
  await work(client);
  await client.end();
}

/** One process for all files and no ledger: the limit. @type {Peer} */
const psql = {
  name: "psql, no ledger",
  again: false,
  prepare: writeAll,
  async apply(folder, url) {
    const names = (await readdir(folder)).sort();
    await run("psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url, ...names.flatMap((name) => ["-f", join(folder, name)])]);
  },
};

/** One round trip each: the transaction, what a lock may cost, the file, its row. No lock; checksums are kept and not compared. @type {Peer} */
const raw = {
  name: "raw pg, one round trip each",
  again: true,
  prepare: writeAll,
  apply: (folder, url) =>
    withClient(url, async (client) => {
      await client.query(
        "create table if not exists ledger (id text primary key, checksum text, run_by text, at timestamptz default now())",
      );
      const { rows } = await client.query("select id from ledger");
      const applied = new Set(rows.map(({ id }) => id));
      for (const name of (await readdir(folder)).sort()) {
        if (applied.has(name)) continue;
        const text = await readFile(join(folder, name), "utf8");
        await client.query(
          `begin; set local lock_timeout = '100ms'; ${text}; insert into ledger (id, checksum, run_by) values ('${name}', md5('${name}'), '${hostname()}'); commit`,
        );
      }
    }),
};

/** Everything in one transaction; no checksums. @type {Peer} */
const nodePgMigrate = {
  name: "node-pg-migrate, one transaction",
  again: true,
  prepare: writeAll,
  async apply(folder, url) {
    await runner({ databaseUrl: url, dir: folder, migrationsTable: "pgmigrations", direction: "up", count: Infinity, logger: quiet });
  },
};

/** No checksums. @type {Peer} */
const nodePgMigrateEach = {
  ...nodePgMigrate,
  name: "node-pg-migrate, one each",
  async apply(folder, url) {
    const options = { databaseUrl: url, dir: folder, migrationsTable: "pgmigrations", direction: "up", count: Infinity, logger: quiet };
    await runner({ ...options, singleTransaction: false });
  },
};

/** Everything in one transaction; no checksums. @type {Peer} */
const kysely = {
  name: "kysely",
  again: true,
  prepare: writeAll,
  async apply(folder, url) {
    const db = new Kysely({ dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: url }) }) });
    const provider = {
      async getMigrations() {
        const names = await readdir(folder);
        const read = async (name) => [name, await readFile(join(folder, name), "utf8")];
        const texts = await Promise.all(names.map(read));
        return Object.fromEntries(texts.map(([name, text]) => [name, { up: (on) => sql.raw(text).execute(on) }]));
      },
    };
    const { error } = await new Migrator({ db, provider }).migrateToLatest();
    await db.destroy();
    if (error !== undefined) throw error;
  },
};

/** No transaction, lock or checksums. @type {Peer} */
const umzug = {
  name: "umzug",
  again: true,
  prepare: writeAll,
  apply: (folder, url) =>
    withClient(url, async (client) => {
      await client.query("create table if not exists umzug (name text primary key)");
      const storage = {
        logMigration: ({ name }) => client.query("insert into umzug values ($1)", [name]),
        unlogMigration: () => Promise.reject(new Error("nothing goes back here")),
        executed: async () => (await client.query("select name from umzug order by 1")).rows.map(({ name }) => name),
      };
      const resolve = ({ name, path }) => ({ name, up: async () => client.query(await readFile(path, "utf8")) });
      await new Umzug({ migrations: { glob: ["*.sql", { cwd: folder }], resolve }, storage, logger: undefined }).up();
    }),
};

/** Everything in one transaction; no lock; checksums are kept and not compared. @type {Peer} */
const drizzleOrm = {
  name: "drizzle-orm",
  again: true,
  async prepare(folder, migrations) {
    await writeAll(folder, migrations);
    await mkdir(join(folder, "meta"));
    const entries = migrations.map(({ name }, idx) => ({ idx, version: "7", when: 1_760_000_000_000 + idx, tag: name, breakpoints: true }));
    await writeFile(join(folder, "meta/_journal.json"), JSON.stringify({ version: "7", dialect: "postgresql", entries }));
  },
  apply: (folder, url) => withClient(url, (client) => migrateDrizzle(drizzle(client), { migrationsFolder: folder })),
};

/** A process of its own; no lock, no checksums. @type {Peer} */
const dbmate = {
  name: "dbmate",
  again: true,
  prepare: (folder, migrations) => writeAll(folder, migrations, ({ text }) => `-- migrate:up\n${text}\n-- migrate:down\n`),
  async apply(folder, url) {
    const options = ["--url", `${url}?sslmode=disable`, "--migrations-dir", folder, "--no-dump-schema"];
    await run(resolveBinary(), [...options, "migrate"], { maxBuffer: 2 ** 26 });
  },
};

/** Compares checksums when something is to be applied. @type {Peer} */
const graphileMigrate = {
  name: "graphile-migrate",
  again: true,
  async prepare(folder, migrations) {
    await mkdir(join(folder, "committed"));
    let previous = "";
    for (const [index, { text }] of migrations.entries()) {
      const hash = `sha1:${createHash("sha1")
        .update(`${`${previous}\n${text.trim()}`.trim()}\n`)
        .digest("hex")}`;
      const header = `--! Previous: ${previous || "-"}\n--! Hash: ${hash}\n\n`;
      await writeFile(join(folder, "committed", `${String(index + 1).padStart(6, "0")}.sql`), `${header}${text.trim()}\n`);
      previous = hash;
    }
    await writeFile(join(folder, "current.sql"), "");
  },
  async apply(folder, url) {
    const logger = new Logger(() => () => undefined);
    await migrateGraphile({ connectionString: url, migrationsFolder: folder, logger });
  },
};

/** The first is the limit, the second what the others are compared with. @type {readonly Peer[]} */
export const peers = [psql, raw, nodePgMigrate, nodePgMigrateEach, kysely, umzug, drizzleOrm, dbmate, graphileMigrate];
