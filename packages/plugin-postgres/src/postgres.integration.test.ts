import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret, systemClock, type CallOptions, type DeploymentCall, type MigrationPhase, type Migrator } from "@fairlead/core";
import { postgres as postgresService, requireService } from "@fairlead/test-support";
import { startPostgres, type PostgresServer } from "@fairlead/testing/postgres";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createMigrator } from "./migrator.js";

let server: PostgresServer;
let databases = 0;

beforeEach((context) => requireService(context, postgresService));
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const question = (): CallOptions => ({ signal: new AbortController().signal, log });
const call = (signal = new AbortController().signal): DeploymentCall => ({
  signal,
  log,
  environment: "production",
  deploymentId: "dep_1",
  idempotencyKey: "dep_1/migrations",
});

interface Scene {
  readonly migrator: Migrator;
  readonly url: string;
  write(name: string, sql: string): Promise<void>;
  query(sql: string): Promise<Record<string, unknown>[]>;
  apply(phase?: MigrationPhase, migrator?: Migrator): Promise<readonly string[]>;
  again(): Migrator;
}

async function scene(files: Readonly<Record<string, string>> = {}): Promise<Scene> {
  databases += 1;
  const url = await server.createDatabase(`shop_${String(databases)}`);
  const folder = await mkdtemp(join(tmpdir(), "migrations-"));
  const write = (name: string, sql: string): Promise<void> => writeFile(join(folder, name), sql);
  for (const [name, sql] of Object.entries(files)) await write(name, sql);
  const again = (): Migrator =>
    createMigrator({ url: new Secret("DATABASE_URL", url), folder, application: "shop", environment: "production", clock: systemClock });
  const migrator = again();
  return {
    migrator,
    url,
    write,
    again,
    async query(sql) {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      const { rows } = await client.query<Record<string, unknown>>(sql);
      await client.end();
      return rows;
    },
    async apply(phase = "expand", by = migrator) {
      const { pending } = await by.plan(question());
      const migrations = pending.filter((one) => one.phase === phase);
      const { applied } = await by.apply({ phase, migrations, release: "rel_1" }, call());
      return applied.map(({ id }) => id);
    },
  };
}

test("files are applied in order, once, and written down with the deployment", async () => {
  const { apply, query, migrator } = await scene({
    "0002_b.sql": "insert into steps values ('b')",
    "0001_a.sql": "create table steps (name text); insert into steps values ('a')",
  });
  expect(await apply()).toEqual(["0001_a", "0002_b"]);
  expect(await apply()).toEqual([]);
  expect(await query("select name from steps")).toEqual([{ name: "a" }, { name: "b" }]);
  expect(await query("select id, deployment_id, release from fairlead.migrations order by id")).toEqual([
    { id: "0001_a", deployment_id: "dep_1", release: "rel_1" },
    { id: "0002_b", deployment_id: "dep_1", release: "rel_1" },
  ]);
  expect((await migrator.plan(question())).pending).toEqual([]);
});

test("a plan says what is pending, with phases and compatibility, and changes nothing", async () => {
  const { migrator, query } = await scene({
    "1.sql": "create table a ()",
    "2.sql": "-- fairlead: contract\ndrop table a",
    "3.sql": "-- fairlead: needs-down\nalter table a rename to b",
  });
  const plan = await migrator.plan(question());
  expect(plan.pending.map(({ id, phase, compatibility }) => [id, phase, compatibility])).toEqual([
    ["1", "expand", "code-only"],
    ["2", "contract", "irreversible"],
    ["3", "expand", "needs-down"],
  ]);
  expect(plan.compatibility).toBe("needs-down");
  expect(await query("select to_regclass('fairlead.migrations') as ledger")).toEqual([{ ledger: null }]);
});

test("a migration that fails keeps those before it, nothing of itself, and says where", async () => {
  const { apply, query } = await scene({
    "1.sql": "create table a (n int)",
    "2.sql": "insert into a values (1);\n\nselect überall from nowhere",
  });
  const error = await apply().catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "POSTGRES_MIGRATION_FAILED", data: { migration: "2.sql", line: 3, column: 21, sqlState: "42P01" } });
  expect(await query("select count(*)::int as rows from a")).toEqual([{ rows: 0 }]);
  expect(await query("select id from fairlead.migrations")).toEqual([{ id: "1" }]);
});

test("an edited file stops the plan, an edit of line ends does not", async () => {
  const { apply, write, migrator } = await scene({ "1.sql": "create table a (\n  n int\n);\n" });
  await apply();
  await write("1.sql", "create table a (\r\n  n int  \r\n);\r\n");
  expect((await migrator.plan(question())).findings).toEqual([]);
  await write("1.sql", "create table a (n bigint);");
  expect((await migrator.plan(question())).findings).toMatchObject([{ severity: "error", migration: "1" }]);
});

test("what was planned is what runs", async () => {
  const { write, migrator } = await scene({ "1.sql": "create table a ()" });
  const { pending } = await migrator.plan(question());
  await write("1.sql", "create table b ()");
  await expect(migrator.apply({ phase: "expand", migrations: pending, release: "rel_1" }, call())).rejects.toMatchObject({
    code: "POSTGRES_MIGRATION_CHANGED",
  });
});

test("runners at once apply each migration exactly once, and all succeed", async () => {
  const { again, apply, query } = await scene({
    "1.sql": "create table runs (n int); select pg_sleep(0.2)",
    "2.sql": "insert into runs values (1)",
  });
  const results = await Promise.all([again(), again(), again(), again()].map((migrator) => apply("expand", migrator)));
  expect(results.flat().sort()).toEqual(["1", "2"]);
  expect(await query("select count(*)::int as rows from runs")).toEqual([{ rows: 1 }]);
});

test("a migration that ends its own transaction is refused", async () => {
  const { apply, query } = await scene({ "1.sql": "create table a (); commit; create table b ()" });
  expect(await apply().catch((thrown: unknown) => thrown)).toMatchObject({ code: "POSTGRES_MIGRATION_ENDS_TRANSACTION" });
  expect(await query("select count(*)::int as rows from fairlead.migrations")).toEqual([{ rows: 0 }]);
});

test("verify proves pending migrations on a scratch database and leaves none behind", async () => {
  const { migrator, write, apply, query } = await scene({ "1.sql": "create table a (n int)" });
  await apply();
  await write("2.sql", "insert into a values (1)");
  expect(await migrator.verify(question())).toEqual([]);
  await write("3.sql", "insert into missing values (1)");
  expect(await migrator.verify(question())).toMatchObject([{ severity: "error", migration: "3" }]);
  expect(await query("select count(*)::int as rows from a")).toEqual([{ rows: 0 }]);
  expect(await query("select datname from pg_database where datname like 'fairlead_verify_%'")).toEqual([]);
});

test("an abort reaches the server and frees the lock", async () => {
  const { migrator, query, write, again, apply } = await scene({ "1.sql": "create table a (); select pg_sleep(30)" });
  const { pending } = await migrator.plan(question());
  const abort = new AbortController();
  const applying = migrator.apply({ phase: "expand", migrations: pending, release: "rel_1" }, call(abort.signal));
  await expect
    .poll(() => query("select pid from pg_stat_activity where query like '%pg_sleep(30)%' and pid <> pg_backend_pid()"))
    .toHaveLength(1);
  abort.abort(new Error("stop"));
  await expect(applying).rejects.toThrow();
  await expect
    .poll(() => query("select pid from pg_stat_activity where query like '%pg_sleep(30)%' and pid <> pg_backend_pid()"))
    .toHaveLength(0);
  await write("1.sql", "create table a ()");
  expect(await apply("expand", again())).toEqual(["1"]);
});

test("no error holds the password", async () => {
  const folder = await mkdtemp(join(tmpdir(), "migrations-"));
  const wrong = new URL(server.url);
  wrong.password = "canary-password-1";
  const nowhere = new URL(server.url);
  nowhere.password = "canary-password-1";
  nowhere.port = "1";
  for (const url of [wrong.href, nowhere.href]) {
    const migrator = createMigrator({
      url: new Secret("DATABASE_URL", url),
      folder,
      application: "shop",
      environment: "production",
      clock: systemClock,
    });
    const error = await migrator.plan(question()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: url === wrong.href ? "POSTGRES_REFUSED" : "POSTGRES_UNREACHABLE" });
    expect(JSON.stringify(error) + String((error as Error).stack)).not.toContain("canary-password-1");
  }
  await rm(folder, { recursive: true });
});
