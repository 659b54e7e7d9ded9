import { pgbouncer, requireService } from "@fairlead/test-support";
import { beforeEach, expect, test } from "vitest";
import { createMigrations } from "../src/index.js";
import { errorOf } from "./support/error-of.js";
import { startPooler } from "./support/pooler.js";
import { useServer, type Scene } from "./support/scene.js";

const { createScene } = useServer();

beforeEach((context) => {
  requireService(context, pgbouncer);
});

const settings = [
  "lock_timeout",
  "statement_timeout",
  "idle_in_transaction_session_timeout",
  "client_connection_check_interval",
  "search_path",
  "role",
];

/** What whoever comes next through the pooler finds in the connections that it keeps. */
async function leftIn({ query }: Scene, throughPooler: Scene): Promise<unknown> {
  const clients = await Promise.all([1, 2, 3].map(() => throughPooler.connect()));
  // Three transactions at once are all the connections that there are.
  await Promise.all(clients.map((client) => client.query("begin")));
  const found = await Promise.all(
    clients.map(async (client) => {
      const { rows } = await client.query<Record<string, string>>(
        `select ${settings.map((name) => `current_setting('${name}') as ${name}`).join(", ")}`,
      );
      return rows[0];
    }),
  );
  await Promise.all(clients.map((client) => client.query("rollback")));
  return { found, locks: await query("select count(*)::int as locks from pg_locks where locktype = 'advisory'") };
}

test("through a pooler in transaction mode runners exclude each other, and leave no lock and no setting behind", async () => {
  const direct = await createScene();
  const pooler = await startPooler(direct.url);
  try {
    const scene = await createScene({ url: pooler.url, migrations: direct.folder });
    const untouched = await leftIn(direct, scene);
    await scene.write({
      "1.sql": "create table marks (name text); insert into marks values ('1');",
      "2.sql": "set local search_path = public; insert into marks values ('2'); select pg_sleep(0.2);",
      "3.sql": "begin; insert into marks values ('3'); commit;",
    });
    const runners = await Promise.all([1, 2].map(() => scene.again()));
    const { pending } = await scene.migrator.plan(scene.call());
    const reports = await Promise.all(
      runners.map(({ migrator }) => migrator.apply({ phase: "expand", migrations: pending, release: "rel_1" }, scene.call())),
    );
    expect(reports.flatMap(({ applied }) => applied.map(({ id }) => id)).sort()).toEqual(["1", "2", "3"]);
    expect(await direct.query("select name from marks")).toEqual([{ name: "1" }, { name: "2" }, { name: "3" }]);
    expect(await leftIn(direct, scene)).toEqual(untouched);
  } finally {
    await pooler.stop();
  }
});

test("what runs outside of a transaction runs through a pooler where it needs nothing that would have to be set", async () => {
  const direct = await createScene();
  const pooler = await startPooler(direct.url);
  try {
    const scene = await createScene({ url: pooler.url, migrations: direct.folder });
    await scene.write({
      "1.sql":
        "create table a (n int);\ncreate index concurrently a_n on a (n);\nvacuum a;\nreindex index concurrently a_n;\ninsert into a values (1)",
    });
    expect(await scene.apply()).toEqual(["1"]);
    expect(await direct.query("select indisvalid as valid, n from pg_index, a where indrelid = 'a'::regclass")).toEqual([
      { valid: true, n: 1 },
    ]);
  } finally {
    await pooler.stop();
  }
});

test.for([
  ["set search_path = public; create index concurrently a_n on a (n);", "what the file sets before it cannot be set there"],
  ["create table b (); reindex database;", "needs a limit to how long it waits"],
  ["create table b (); vacuum full a;", "needs a limit to how long it waits"],
  ["-- fairlead: no-transaction\ncreate table b (); do $$ begin end $$;", "cannot be taken back"],
  ["create table b (); rollback; create table b ();", "it ends its transaction itself"],
] as const)(
  "what needs a connection of its own is refused through a pooler before any of it runs, with the reason: %s",
  async ([sql, why]) => {
    const direct = await createScene();
    const pooler = await startPooler(direct.url);
    try {
      await direct.query("create table a (n int)");
      const scene = await createScene({ url: pooler.url, migrations: direct.folder });
      await scene.write({ "1.sql": sql });
      const error = await errorOf(scene.apply());
      expect(error).toMatchObject({ code: "POSTGRES_POOLED", hint: expect.stringContaining("direct address") as string });
      expect(error.message).toContain(why);
      expect(
        await direct.query("select to_regclass('b') as b, (select count(*)::int from pg_index where indrelid = 'a'::regclass) as n"),
      ).toEqual([{ b: null, n: 0 }]);
      expect(await scene.migrator.verify(scene.call())).toContainEqual(
        expect.objectContaining({ severity: "error", message: expect.stringContaining(why) as string }),
      );
    } finally {
      await pooler.stop();
    }
  },
);

test("mending leaves no setting behind in a pooler, and makes no index anew where a limit would cut it off", async () => {
  const direct = await createScene();
  const name = new URL(direct.url).pathname.slice(1);
  await direct.query(`alter database "${name}" set lock_timeout = '7s'; create table a (n int); insert into a values (1), (1)`);
  const pooler = await startPooler(direct.url);
  try {
    const scene = await createScene({ url: pooler.url, migrations: direct.folder });
    const migrations = createMigrations({ url: pooler.url, migrations: direct.folder, application: "shop" });
    const untouched = await leftIn(direct, scene);
    expect(await migrations.repair()).toEqual({ migrations: [], indexes: [] });
    expect(await leftIn(direct, scene)).toEqual(untouched);
    const other = await direct.connect();
    await expect(other.query("create unique index concurrently a_n on a (n)")).rejects.toThrow();
    await direct.query("delete from a");
    const refused = await errorOf(migrations.repair());
    expect(refused.code).toBe("POSTGRES_POOLED");
    expect(refused.message).toContain("the index public.a_n needs a connection of its own");
    expect(refused.message).toContain("lock_timeout of 7000ms");
    const own = createMigrations({ url: direct.url, migrations: direct.folder, application: "shop" });
    expect(await own.repair()).toEqual({ migrations: [], indexes: ["public.a_n"] });
  } finally {
    await pooler.stop();
  }
});

test("cursors that a file leaves open are closed with it", async () => {
  const direct = await createScene();
  const pooler = await startPooler(direct.url);
  try {
    const scene = await createScene({ url: pooler.url, migrations: direct.folder });
    const own = "create temp table t (n int); insert into t values (1), (2);";
    await scene.write({
      "1.sql": `${own} declare one cursor for select n from t; declare two cursor with hold for select n from t; fetch one; create table a ()`,
      "2.sql": `${own} do $$ declare c refcursor; begin open c for select n from t; end $$; create table b ()`,
    });
    expect(await scene.apply()).toEqual(["1", "2"]);
    expect(await direct.query("select to_regclass('a') is not null and to_regclass('b') is not null as there")).toEqual([{ there: true }]);
  } finally {
    await pooler.stop();
  }
});

test("code that runs outside of a transaction leaves nothing behind in a pooler, and is refused what would", async () => {
  const direct = await createScene();
  const pooler = await startPooler(direct.url);
  try {
    const scene = await createScene({ url: pooler.url, migrations: direct.folder });
    const untouched = await leftIn(direct, scene);
    const code = (...statements: readonly string[]): string =>
      `// fairlead: code-only, no-transaction\nexport async function up(db) { await Promise.all(${JSON.stringify(statements)}.map((sql) => db.query(sql))) }\n`;
    await scene.write({
      "1_a.mjs": code(
        "create table a (n int)",
        "set search_path = pg_catalog; set lock_timeout = 9000",
        "select set_config('statement_timeout', '9s', false), pg_advisory_lock(7)",
        "create index concurrently a_n on public.a (n)",
      ),
    });
    expect(await scene.apply()).toEqual(["1_a"]);
    expect(await leftIn(direct, scene)).toEqual(untouched);
    expect(await direct.query("select to_regclass('a_n') is not null as made")).toEqual([{ made: true }]);
    await scene.write({ "2_b.mjs": code("vacuum full a") });
    expect(await errorOf(scene.apply())).toMatchObject({ code: "POSTGRES_POOLED", data: { migration: "2_b" } });
    expect(await direct.query("select state from fairlead.migrations where id = '2_b'")).toEqual([{ state: "partial" }]);
  } finally {
    await pooler.stop();
  }
});

test("a role with a limit to its statements builds no index through a pooler", async () => {
  const direct = await createScene();
  const name = new URL(direct.url).pathname.slice(1);
  await direct.query(`alter database "${name}" set statement_timeout = '30s'; create table a (n int)`);
  const pooler = await startPooler(direct.url);
  try {
    const scene = await createScene({ url: pooler.url, migrations: direct.folder });
    await scene.write({ "1.sql": "create index concurrently a_n on a (n);" });
    expect((await errorOf(scene.apply())).message).toContain("statement_timeout of 30000ms");
    expect(await direct.apply()).toEqual(["1"]);
  } finally {
    await pooler.stop();
  }
});
