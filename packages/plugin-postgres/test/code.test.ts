import { expect, test } from "vitest";
import { createMigrations, defineMigration, type MigrationDatabase, type Migrations } from "../src/index.js";
import { errorOf } from "./support/error-of.js";
import { useServer, type Scene } from "./support/scene.js";

const { createScene } = useServer();

const types = 'import type { MigrationDatabase } from "@fairlead/plugin-postgres";\n';

function migrationsOf({ url, folder }: Scene): Migrations {
  return createMigrations({ url, migrations: folder, application: "shop", actor: "ann" });
}

test("code runs between SQL, in one order, and is written down with it", async () => {
  const scene = await createScene();
  await scene.write({
    "1_a.sql": "create table a (n int)",
    "2_b.ts": `// fairlead: code-only\n${types}export const up = async (db: MigrationDatabase): Promise<void> => {
      for (const n of [1, 2] satisfies number[]) await db.query("insert into a values ($1)", [n]);
      const [row] = await db.query<{ sum: string }>("select 1; select sum(n) as sum from a");
      db.log(\`sum \${row?.sum}\`);
    };\n`,
    "3_c.mjs": '// fairlead: code-only\nexport async function up(db) { await db.query("alter table a add m int; update a set m = n") }\n',
    "4_d.sql": "create table d ()",
  });
  const migrations = migrationsOf(scene);
  const plan = await migrations.plan();
  expect([plan.compatibility, plan.findings]).toEqual(["code-only", []]);
  expect((await migrations.apply()).applied.map(({ id }) => id)).toEqual(["1_a", "2_b", "3_c", "4_d"]);
  expect(await migrations.apply()).toEqual({ applied: [] });
  expect(await scene.query("select n, m from a order by n")).toEqual([
    { n: 1, m: 1 },
    { n: 2, m: 2 },
  ]);
  expect(await scene.query("select count(distinct checksum)::int as n, min(actor) as actor from fairlead.migrations")).toEqual([
    { n: 4, actor: "ann" },
  ]);
  await scene.write({ "3_c.mjs": "// fairlead: code-only\nexport async function up(db) {}\n" });
  expect((await migrations.status()).map(({ state }) => state)).toEqual(["applied", "applied", "edited", "applied"]);
});

test.for([
  ["at once", (one: string, other: string) => `await Promise.all([db.batches(${one}), db.batches(${other})]);`],
  ["in another one", (one: string, other: string) => `await db.batches({ name: "a", each: async () => { await db.batches(${other}); } });`],
] as const)("batches do not run in the transactions of others: %s", async ([, body]) => {
  const scene = await createScene();
  const batch = (name: string): string => `{ name: "${name}", each: async ({ db: one }) => {
    await one.query("insert into a values ($1)", ["${name}"]);
    await one.query("select pg_sleep(0.01)");
  } }`;
  await scene.write({
    "1_a.sql": "create table a (name text)",
    "2_b.mjs": `// fairlead: code-only, no-transaction\nexport const up = async (db) => { ${body(batch("a"), batch("b"))} };\n`,
  });
  const failed = await errorOf(migrationsOf(scene).apply());
  expect(failed).toMatchObject({ code: "POSTGRES_MIGRATION_FAILED", data: { migration: "2_b" } });
  expect(String(failed)).toContain("asks for batches while those of a run");
  expect(await scene.query("select * from a where name = 'b'")).toEqual([]);
});

test("of statements that are asked together the one that failed is named", async () => {
  const scene = await createScene();
  const asked = ["select 1", "select 1 / 0", "select 2"].map((sql) => `db.query(${JSON.stringify(sql)})`).join(", ");
  await scene.write({ "1_a.mjs": `// fairlead: code-only\nexport const up = (db) => Promise.all([${asked}]);\n` });
  expect(await errorOf(migrationsOf(scene).apply())).toMatchObject({
    data: { statement: "select 1 / 0", sqlState: "22012", undone: true },
  });
});

test("what fails keeps nothing of itself, and names the statement; mended, it runs", async () => {
  const scene = await createScene();
  const file = (body: string): string =>
    `// fairlead: code-only\n${types}export const up = async (db: MigrationDatabase) => { ${body} };\n`;
  await scene.write({
    "1_a.ts": file('await db.query("create table a (n int)"); await db.query("insert into nowhere values ($1)", [1]);'),
  });
  const migrations = migrationsOf(scene);
  expect(await errorOf(migrations.apply())).toMatchObject({
    code: "POSTGRES_MIGRATION_FAILED",
    data: { migration: "1_a", statement: "insert into nowhere values ($1)", sqlState: "42P01", undone: true },
  });
  await scene.write({ "1_a.ts": file('await db.query("create table a (n int)"); throw new RangeError("not today");') });
  expect(await errorOf(migrations.apply())).toMatchObject({ data: { problem: "RangeError: not today", undone: true, statement: null } });
  expect(await scene.query("select to_regclass('a') as a, state from fairlead.migrations")).toEqual([{ a: null, state: "failed" }]);
  await scene.write({ "1_a.ts": file('await db.query("create table a (n int)"); await db.query("select x").catch(() => undefined);') });
  expect(await errorOf(migrations.apply())).toMatchObject({ data: { sqlState: "25P02", undone: true } });
  await scene.write({ "1_a.ts": file('await db.query("create table a (n int)");') });
  expect((await migrations.apply()).applied).toMatchObject([{ id: "1_a" }]);
});

test("code that takes its transaction back is not applied, and what it did behind that is said to be in effect", async () => {
  const scene = await createScene();
  const up = ["create table a ()", "rollback", "create table b ()"].map((sql) => `await db.query("${sql}");`).join(" ");
  await scene.write({ "1_a.mjs": `// fairlead: code-only\nexport const up = async (db) => { ${up} };\n` });
  const migrations = migrationsOf(scene);
  const failure = await errorOf(migrations.apply());
  expect(failure).toMatchObject({ code: "POSTGRES_MIGRATION_FAILED", data: { migration: "1_a", undone: false } });
  expect(failure.message).toContain("with ROLLBACK");
  expect(await scene.query("select to_regclass('a') as a, to_regclass('b') is not null as b, state from fairlead.migrations")).toEqual([
    { a: null, b: true, state: "running" },
  ]);
});

test("a way back in code that takes its transaction back has not taken the migration back", async () => {
  const scene = await createScene();
  const down = (...all: readonly string[]): string => all.map((sql) => `await db.query("${sql}");`).join(" ");
  const write = (way: string): Promise<void> =>
    scene.write({
      "1_a.mjs": `// fairlead: code-only\nexport const up = async (db) => { await db.query("create table a ()"); };\nexport const down = async (db) => { ${way} };\n`,
    });
  await write(down("drop table a", "rollback"));
  const migrations = migrationsOf(scene);
  await migrations.apply();
  const failure = await errorOf(migrations.down(["1_a"]));
  expect(failure).toMatchObject({ code: "POSTGRES_MIGRATION_FAILED", data: { migration: "1_a", undone: false } });
  expect(failure.message).toContain("with ROLLBACK");
  const found = "select to_regclass('a') is not null as a, state from fairlead.migrations";
  expect(await scene.query(found)).toEqual([{ a: true, state: "applied" }]);
  await write(down("drop table a", "commit"));
  expect((await migrations.down(["1_a"])).applied).toMatchObject([{ id: "1_a" }]);
  expect(await scene.query(found)).toEqual([{ a: false, state: "reverted" }]);
});

const backfill = (fail: string): string => `// fairlead: backfill, code-only, no-transaction
${types}export const up = async (db: MigrationDatabase) => {
  await db.batches({
    name: "totals", size: 10, pause: "1ms",
    async each({ db, after, size }: { db: MigrationDatabase; after: number | null; size: number }) {
      const rows = await db.query<{ id: number }>("update orders set total = total + 1 where id in (select id from orders where id > $1 order by id limit $2) returning id", [after ?? 0, size]);
      const last = rows.length === 0 ? null : Math.max(...rows.map((row) => row.id));
      ${fail}
      return last;
    },
  });
};
`;

test("batches take effect once and go on where they stopped, also when the text has changed meanwhile", async () => {
  const scene = await createScene();
  await scene.query(
    "create table orders (id int primary key, total int not null default 0); insert into orders select generate_series(1, 35)",
  );
  await scene.write({ "1_totals.ts": backfill("if (last !== null && last > 25) throw new Error('cut off');") });
  const migrations = migrationsOf(scene);
  expect(await errorOf(migrations.apply())).toMatchObject({ data: { problem: "Error: cut off", undone: false } });
  expect(await scene.query("select state, progress->'batches' as batches from fairlead.migrations")).toEqual([
    { state: "partial", batches: { totals: { after: 20, count: 2, done: false } } },
  ]);
  expect(await scene.query("select count(*)::int as n from orders where total = 1")).toEqual([{ n: 20 }]);
  await scene.write({ "1_totals.ts": backfill("") });
  expect((await migrations.apply()).applied).toMatchObject([{ id: "1_totals" }]);
  expect(await scene.query("select min(total) as min, max(total) as max from orders")).toEqual([{ min: 1, max: 1 }]);
  expect(await scene.query("select state, (progress->'batches'->'totals'->>'count')::int as n from fairlead.migrations")).toEqual([
    { state: "applied", n: 4 },
  ]);
});

test("a run that was cut off without a word is gone on with", async () => {
  const scene = await createScene();
  await scene.query(
    "create table orders (id int primary key, total int not null default 0); insert into orders select generate_series(1, 30)",
  );
  await scene.write({ "1_totals.ts": backfill("") });
  const migrations = migrationsOf(scene);
  await migrations.apply();
  await scene.query(`update orders set total = 0 where id > 20`);
  await scene.query(`update fairlead.migrations set state = 'running', finished_at = null,
    progress = jsonb_set(progress, '{batches,totals}', '{"after": 20, "count": 2, "done": false}')`);
  expect((await migrations.apply()).applied).toMatchObject([{ id: "1_totals" }]);
  expect(await scene.query("select min(total) as min, max(total) as max from orders")).toEqual([{ min: 1, max: 1 }]);
});

test.for([
  ["in a transaction", "code-only", []],
  ["outside of one", "code-only, no-transaction", ["a"]],
] as const)(
  "what code asks and does not wait for runs before it counts as applied, and is its failure where it fails: %s",
  async ([, directives, kept]) => {
    const scene = await createScene();
    const write = (body: string): Promise<void> =>
      scene.write({ "1_a.mjs": `// fairlead: ${directives}\nexport const up = async (db) => { ${body} };\n` });
    const tables = async () =>
      (await scene.query("select relname as name from pg_class where relnamespace = 'public'::regnamespace order by 1")).map(
        ({ name }) => name,
      );
    await write('await db.query("create table a ()"); db.query("creat table b ()"); await db.query("select 1").catch(() => undefined);');
    const migrations = migrationsOf(scene);
    const failure = await errorOf(migrations.apply());
    expect(failure).toMatchObject({ code: "POSTGRES_MIGRATION_FAILED", data: { problem: 'syntax error at or near "creat"' } });
    expect(await tables()).toEqual(kept);

    await write(`const later = async () => { await db.query("select pg_sleep(0.05)"); await db.query("create table c ()"); };
    await db.query("create table if not exists a ()"); later(); db.query("create table b ()");`);
    expect((await migrations.apply()).applied).toMatchObject([{ id: "1_a" }]);
    expect(await tables()).toEqual(["a", "b", "c"]);
  },
);

test("nothing that code asks runs behind its failure", async () => {
  const scene = await createScene();
  await scene.write({
    "1_a.mjs": `// fairlead: code-only, no-transaction
      export const up = async (db) => {
        const slow = async () => { await db.query("select pg_sleep(0.05)").catch(() => undefined); await db.query("create table late ()"); };
        await Promise.all([slow(), Promise.reject(new Error("enough"))]);
      };`,
  });
  expect(await errorOf(migrationsOf(scene).apply())).toMatchObject({ data: { problem: "Error: enough", undone: false } });
  await scene.write({ "1_a.mjs": "// fairlead: code-only, no-transaction\nexport const up = (db) => db.query('create table a ()');\n" });
  await migrationsOf(scene).apply();
  expect(await scene.query("select to_regclass('late') as late")).toEqual([{ late: null }]);
});

test("batches in one transaction are refused, and nothing is kept", async () => {
  const scene = await createScene();
  await scene.query("create table orders (id int primary key, total int not null default 0); insert into orders values (1)");
  await scene.write({ "1_totals.ts": backfill("").replace(", no-transaction", "") });
  const failure = await errorOf(migrationsOf(scene).apply());
  expect(failure).toMatchObject({ code: "POSTGRES_MIGRATION_FAILED", data: { undone: true } });
  expect(failure.message).toContain("its batches would not be kept one by one");
});

test("a way back in code takes it back, in one transaction with its entry", async () => {
  const scene = await createScene();
  await scene.write({
    "1_a.ts": `// fairlead: code-only\n${types}export const up = async (db: MigrationDatabase) => void (await db.query("create table a ()"));\nexport const down = async (db: MigrationDatabase) => void (await db.query("drop table a"));\n`,
    "2_b.ts": `// fairlead: code-only\n${types}export const up = async (db: MigrationDatabase) => void (await db.query("create table b ()"));\n`,
  });
  const migrations = migrationsOf(scene);
  await migrations.apply();
  expect(await migrations.waysBack(["1_a"])).toEqual([{ id: "1_a", down: null }]);
  expect(await errorOf(migrations.down(["2_b"]))).toMatchObject({ code: "POSTGRES_NO_WAY_BACK" });
  await migrations.down(["1_a"]);
  expect(await scene.query("select to_regclass('a') as a, state from fairlead.migrations where id = '1_a'")).toEqual([
    { a: null, state: "reverted" },
  ]);
});

test("code that does not say what the release before survives is not taken for harmless, and verify tries it", async () => {
  const scene = await createScene();
  // Where there is nothing yet, nothing can break.
  await scene.query("create table before_all ()");
  await scene.write({
    "1_a.ts": `${types}export const up = async (db: MigrationDatabase) => void (await db.query("creat table a ()"));\n`,
  });
  const migrations = migrationsOf(scene);
  const plan = await migrations.plan();
  expect(plan).toMatchObject({
    compatibility: "needs-down",
    findings: [{ severity: "warning", message: expect.stringContaining("is code") as string }],
  });
  expect(await migrations.inspect()).toMatchObject([{ id: "1_a", statements: [], compatibility: "unknown" }]);
  const { findings } = await migrations.verify();
  expect(findings.map(({ message }) => message).join("\n")).toContain('syntax error at or near "creat"');
  expect(await scene.query("select to_regclass('fairlead.migrations') as ledger")).toEqual([{ ledger: null }]);
});

test.for([
  ["2_b.ts", "export async function up(db) { await db.schema.createTable('b').execute() }", "was not written for Fairlead"],
  ["2_b.cjs", "// fairlead: code-only\nexports.up = async () => {}", "was not written for Fairlead"],
  ["1_a.ts", `${types}export const up = async () => undefined;`, "It has the name of 1_a.sql"],
] as const)("%s is refused by its name: %s", async ([name, text, problem]) => {
  const scene = await createScene();
  await scene.write({ "1_a.sql": "create table a ()", [name]: text });
  const failure = await errorOf(migrationsOf(scene).plan());
  expect(failure).toMatchObject({ code: "POSTGRES_MIGRATIONS_INVALID", data: { problems: [{ migration: name }] } });
  expect(failure.message).toContain(problem);
});

test.for([
  ["export const upp = 1;", "it exports no function `up`"],
  ["export const up = async () => undefined; export const down = 1;", "its `down` is no function"],
  ['import "./nowhere.js"; export const up = async () => undefined;', "cannot be used"],
] as const)("%s cannot be used, and is said before anything of it runs", async ([text, problem]) => {
  const scene = await createScene();
  await scene.write({ "1_a.mjs": `// fairlead: code-only\n${text}` });
  const failure = await errorOf(migrationsOf(scene).apply());
  expect(failure.code).toBe("POSTGRES_CODE_UNUSABLE");
  expect(failure.message).toContain(problem);
});

test("a migration keeps its type", () => {
  const { up } = defineMigration({
    up: async (db: MigrationDatabase) => {
      await db.query("select 1");
    },
  });
  expect(up).toBeTypeOf("function");
});
