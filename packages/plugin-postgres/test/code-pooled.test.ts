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

/** `pooled` goes through PgBouncer, `direct` does not; both have one folder and one database. */
async function withPooler(work: (scenes: { readonly direct: Scene; readonly pooled: Scene }) => Promise<void>): Promise<void> {
  const direct = await createScene();
  const pooler = await startPooler(direct.url);
  try {
    await work({ direct, pooled: await createScene({ url: pooler.url, migrations: direct.folder }) });
  } finally {
    await pooler.stop();
  }
}

const code = (body: string, directives = "code-only"): string => `// fairlead: ${directives}\n${body}`;

const totals = `export const up = (db) => db.batches({ name: "totals", size: 4, pause: "1ms", each: async ({ db, after, size }) => {
  await db.query("set search_path = pg_catalog; set local work_mem = '1MB'");
  const rows = await db.query("update public.orders set total = total + 1 where id in (select id from public.orders where id > $1 order by id limit $2) returning id", [after ?? 0, size]);
  return rows.length === 0 ? null : Math.max(...rows.map(({ id }) => id));
} });`;

test("through a pooler code runs between SQL, with values and in batches, and leaves no setting behind", async () => {
  await withPooler(async ({ direct, pooled }) => {
    await pooled.write({
      "1_orders.sql": "create table orders (id int primary key, total int not null default 0);",
      "2_fill.mjs": code(`export const up = async (db) => {
        await db.query("set search_path = pg_catalog");
        await db.query("insert into public.orders select generate_series(1, $1::int)", [10]);
        const [{ n }] = await db.query("select count(*)::int as n from public.orders");
        await db.query("alter table public.orders add column seen int default " + n);
      };`),
      "3_totals.mjs": code(totals, "expand, code-only, no-transaction"),
      "4_last.sql": "create table last (path text default current_setting('search_path')); insert into last default values;",
    });
    const [one, other] = await Promise.all([pooled.apply(), pooled.apply()]);
    expect([...one, ...other].toSorted()).toEqual(["1_orders", "2_fill", "3_totals", "4_last"]);
    expect(
      await direct.query("select min(total) as min, max(total) as max, min(seen) as seen, path from orders, last group by path"),
    ).toEqual([{ min: 1, max: 1, seen: 10, path: '"$user", public' }]);
    expect(await direct.query("select holder from fairlead.migrations_lease")).toEqual([{ holder: null }]);
  });
});

test.for(["commit; create table b ()", "create table b (); end"])(
  "code that ends its transaction itself is refused through a pooler before that, and nothing of it is kept: %s",
  async (ending) => {
    await withPooler(async ({ direct, pooled }) => {
      const up = ["create table a ()", "savepoint s", "rollback to s", ending, "create table b ()"];
      await pooled.write({
        "1_a.mjs": code(`export const up = async (db) => { for (const sql of ${JSON.stringify(up)}) await db.query(sql); };`),
      });
      const refused = await errorOf(pooled.apply());
      expect(refused).toMatchObject({
        code: "POSTGRES_POOLED",
        data: { migration: "1_a", problem: "its code ends its transaction itself" },
      });
      expect(
        await direct.query("select to_regclass('a') as a, to_regclass('b') as b, count(*)::int as n from fairlead.migrations"),
      ).toEqual([{ a: null, b: null, n: 0 }]);
    });
  },
);

test("through a pooler nothing runs behind what failed", async () => {
  await withPooler(async ({ direct, pooled }) => {
    await direct.query("create table a (n int)");
    const asked = ["select 1 / 0", ...[1, 2, 3].map((n) => `insert into a values (${String(n)})`)];
    await pooled.write({
      "1_a.mjs": code(`export const up = (db) => Promise.all(${JSON.stringify(asked)}.map((sql) => db.query(sql)));`),
    });
    expect(await errorOf(pooled.apply())).toMatchObject({ data: { statement: "select 1 / 0", undone: true } });
    expect(await direct.query("select * from a")).toEqual([]);
  });
});

test("a batch that ends its transaction itself is refused through a pooler, and those before it count", async () => {
  await withPooler(async ({ direct, pooled }) => {
    await direct.query(
      "create table orders (id int primary key, total int not null default 0); insert into orders select generate_series(1, 10)",
    );
    const ended = totals.replace("return rows", 'if (after > 3) await db.query("commit");\n  return rows');
    await pooled.write({ "1_totals.mjs": code(ended, "backfill, code-only, no-transaction") });
    expect(await errorOf(pooled.apply("backfill"))).toMatchObject({ code: "POSTGRES_POOLED", data: { migration: "1_totals" } });
    expect(await direct.query("select state, progress->'batches'->'totals'->'after' as after from fairlead.migrations")).toEqual([
      { state: "partial", after: 4 },
    ]);
    await pooled.write({ "1_totals.mjs": code(totals, "backfill, code-only, no-transaction") });
    expect(await pooled.apply("backfill")).toEqual(["1_totals"]);
    expect(await direct.query("select min(total) as min, max(total) as max from orders")).toEqual([{ min: 1, max: 1 }]);
  });
});

test("a way back in code that ends its transaction itself is refused through a pooler, and the migration stays", async () => {
  await withPooler(async ({ direct, pooled }) => {
    await pooled.write({
      "1_a.mjs": code(`export const up = (db) => db.query("create table a ()");
        export const down = async (db) => { await db.query("drop table a"); await db.query("commit"); };`),
    });
    const migrations = createMigrations({ url: pooled.url, migrations: pooled.folder, application: "shop" });
    await migrations.apply();
    expect(await errorOf(migrations.down(["1_a"]))).toMatchObject({ code: "POSTGRES_POOLED" });
    expect(await direct.query("select to_regclass('a') is not null as there, state from fairlead.migrations")).toEqual([
      { there: true, state: "applied" },
    ]);
  });
});
