import { errorOf } from "./support/error-of.js";
import { expect, test } from "vitest";
import { useServer } from "./support/scene.js";

const { createScene } = useServer();

test("files run in order, once, and are written down with the deployment that ran them", async () => {
  const { write, apply, query, migrator, call } = await createScene();
  await write({
    "10_c.sql": "insert into steps values ('c')",
    "2_b.sql": "insert into steps values ('b')",
    "1_a.sql": "create table steps (name text); insert into steps values ('a')",
    "readme.md": "not a migration",
  });

  expect(await apply()).toEqual(["1_a", "2_b", "10_c"]);
  expect(await apply()).toEqual([]);

  expect(await query("select name from steps")).toEqual([{ name: "a" }, { name: "b" }, { name: "c" }]);
  expect((await migrator.plan(call())).pending).toEqual([]);
  expect(
    await query(
      `select application, id, phase, state, deployment, release, role, runner ~ '^\\d+@.+$' as runner, checksum ~ '^sha256:[0-9a-f]{64}$' as checksum,
         duration >= '0' as duration, error from fairlead.migrations order by started_at`,
    ),
  ).toEqual(
    ["1_a", "2_b", "10_c"].map((id) => ({
      ...{ application: "shop", id, phase: "expand", state: "applied", deployment: "dep_1", release: "rel_1" },
      ...{ role: "postgres", runner: true, checksum: true, duration: true, error: null },
    })),
  );
});

test("what a plan says and what verifying finds leave no trace in the database", async () => {
  const { write, migrator, query, call } = await createScene();
  await write({
    "1.sql": "create table a ()",
    "2.sql": "-- fairlead: contract\ndrop table a",
    "3.sql": "-- fairlead: needs-down\ncreate table b ()",
  });
  const before = await query("select oid from pg_class union all select oid from pg_namespace order by 1");

  const plan = await migrator.plan(call());
  expect(plan.pending.map(({ id, phase, compatibility }) => [id, phase, compatibility])).toEqual([
    ["1", "expand", "code-only"],
    ["2", "contract", "irreversible"],
    ["3", "expand", "needs-down"],
  ]);
  expect(plan.compatibility).toBe("needs-down");
  expect(await migrator.verify(call())).toEqual([]);
  expect(await query("select oid from pg_class union all select oid from pg_namespace order by 1")).toEqual(before);
});

test("reading and applying again leave the ledger as it is, to the row's version", async () => {
  const { write, apply, migrator, query, call } = await createScene();
  await write({ "1.sql": "create table a ()" });
  await apply();
  const before = await query("select xmin::text, ctid::text, * from fairlead.migrations");

  const { all, pending } = await migrator.plan(call());
  expect(pending).toEqual([]);
  expect(await migrator.verify(call())).toEqual([]);
  expect(await migrator.apply({ phase: "expand", migrations: all, release: "rel_2" }, call())).toEqual({ applied: [] });
  expect(await query("select xmin::text, ctid::text, * from fairlead.migrations")).toEqual(before);
});

test("what failed keeps what ran before it and nothing of itself, runs nothing behind it, and says where and what to do", async () => {
  const { write, apply, query, migrator, call } = await createScene();
  await write({
    "1.sql": "create table a (n int)",
    "2.sql": "insert into a values (1);\n\nselect überall from nowhere",
    "3.sql": "create table c ()",
  });

  const error = await errorOf(apply());
  expect(error).toMatchObject({
    code: "POSTGRES_MIGRATION_FAILED",
    data: { migration: "2", sqlState: "42P01", undone: true },
    hint: "Nothing of it was kept, what ran before it was. Mend it and deploy again.",
  });
  expect(error.message).toMatch(/2\.sql:3:21: relation "nowhere" does not exist \(42P01\), in: select überall from nowhere$/);
  expect(await query("select count(*)::int as rows from a")).toEqual([{ rows: 0 }]);
  expect(await query("select to_regclass('c') as c")).toEqual([{ c: null }]);
  expect(await query("select id, state, error->>'problem' as problem from fairlead.migrations order by id")).toEqual([
    { id: "1", state: "applied", problem: null },
    { id: "2", state: "failed", problem: 'relation "nowhere" does not exist' },
  ]);
  expect((await migrator.plan(call())).pending.map(({ id }) => id)).toEqual(["2", "3"]);

  await write({ "2.sql": "insert into a values (1)" });
  expect(await apply()).toEqual(["2", "3"]);
  expect(await query("select count(*)::int as rows from a")).toEqual([{ rows: 1 }]);
  expect(await query("select state, deployment, error from fairlead.migrations where id = '2'")).toEqual([
    { state: "applied", deployment: "dep_3", error: null },
  ]);
});

test("an error that has no place in the text has that of its statement", async () => {
  const { write, apply } = await createScene();
  await write({ "1.sql": "create table a (n int primary key);\n-- first\ninsert into a values (1);\ninsert into a values (1);\nselect 1" });
  expect(await errorOf(apply())).toMatchObject({
    data: { at: expect.stringMatching(/1\.sql:4:1$/) as string, statement: "insert into a values (1)", sqlState: "23505" },
  });
});

test.for([
  ["select 'x", `unterminated quoted string at or near "'x…"`],
  ["select 1; /* more", 'unterminated /* comment at or near "/* more…"'],
  ["select $$ x", 'unterminated dollar-quoted string at or near "$$ x…"'],
  ["select 'x' from", 'syntax error at or near ";"'],
] as const)("an error of a text that is not finished quotes nothing of what runs behind it: %j", async ([text, problem]) => {
  const { write, apply } = await createScene();
  await write({ "1.sql": "create table a ()", "2.sql": text });
  expect(await errorOf(apply())).toMatchObject({ code: "POSTGRES_MIGRATION_FAILED", data: { migration: "2", problem, undone: true } });
});

test("an error that comes with the commit is one of the file, and undoes all of it", async () => {
  const { write, apply, query } = await createScene();
  await write({ "1.sql": "create table a (n int primary key)" });
  await apply();
  await write({ "2.sql": "create table b (n int references a deferrable initially deferred);\ninsert into b values (7)" });
  const error = await errorOf(apply());
  expect(error).toMatchObject({ data: { migration: "2", sqlState: "23503", undone: true } });
  expect(error.message).toMatch(/2\.sql: /);
  expect(await query("select to_regclass('b') as b")).toEqual([{ b: null }]);
});

test("a file that ends its transaction and fails behind that does not count as undone", async () => {
  const { write, apply, query, migrator, call } = await createScene();
  await write({ "1.sql": "create table a ();\ncommit;\nselect * from nowhere" });

  const error = await errorOf(apply());
  expect(error).toMatchObject({ code: "POSTGRES_MIGRATION_FAILED", data: { undone: false } });
  expect(error.hint).toContain("some of it may be in effect");
  expect(await query("select state from fairlead.migrations")).toEqual([{ state: "running" }]);
  const { findings } = await migrator.plan(call());
  expect(findings).toMatchObject([{ severity: "error", migration: "1" }]);
  expect(findings[0]?.message).toContain('nowhere" does not exist');
  expect(await errorOf(apply())).toMatchObject({ code: "POSTGRES_MIGRATIONS_INVALID" });
});

test.for(["create table a (); commit; create table b ()", "create table a (); rollback; create table b ()"])(
  "%s is found by verifying",
  async (text) => {
    const { write, migrator, call } = await createScene();
    await write({ "1.sql": text });
    const [finding, ...others] = await migrator.verify(call());
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ severity: "error", migration: "1" });
    expect(finding?.message).toMatch(/ends (the|its) transaction/);
  },
);

test("what a file sets is gone for the next one, also a role that may not write to the ledger", async () => {
  const { write, apply, query } = await createScene();
  const role = `app_${process.pid.toString()}`;
  await query(`create role ${role}; create schema mine authorization ${role}`);
  await write({
    "1.sql": `set role ${role}; set search_path = mine; create table a ()`,
    "2.sql": "create table b ()",
  });
  expect(await apply()).toEqual(["1", "2"]);
  expect(
    await query(
      "select schemaname as schema, tablename as name, tableowner = 'postgres' as ours from pg_tables where tablename in ('a', 'b') order by 2",
    ),
  ).toEqual([
    { schema: "mine", name: "a", ours: false },
    { schema: "public", name: "b", ours: true },
  ]);
});

test("errors have their line and column, in texts of any characters and line ends, also within transactions of their own", async () => {
  const { write, apply } = await createScene();
  const texts = [
    ["-- 😀 ü\r\nselect 1;\r\n\r\nselect 'ü😀', nothing\r\n", "4:14"],
    ["begin; -- 😀\nselect '😀';\n  select * from nowhere;\ncommit;", "3:17"],
    ["begin; -- 😀\ncreate table a (n int primary key);\n/* 😀 */ insert into a values (1), (1);\ncommit;", "3:9"],
    ["select 1; select 'über\n", "1:18"],
    ["do $$ begin\n  perform 1;\n  perform nothing();\nend $$", "1:1"],
  ] as const;
  for (const [index, [text, place]] of texts.entries()) {
    const name = `${String(index)}.sql`;
    await write({ [name]: text });
    expect((await errorOf(apply())).data).toMatchObject({ at: expect.stringMatching(new RegExp(`${name}:${place}$`)) as string });
    await write({ [name]: "select 1" });
  }
});

test.for([
  ["create table b ();\n-- 😀\nvacuum b; select 'ü',\n  missing from b", "4:3"],
  ["create table c ();\n-- 😀\n/* ü */ vacuum c, d", "3:9"],
] as const)("errors outside of a transaction have their line and column: %j", async ([text, place]) => {
  const { write, apply } = await createScene();
  await write({ "1.sql": text });
  expect((await errorOf(apply())).data).toMatchObject({ at: expect.stringMatching(new RegExp(`1\\.sql:${place}$`)) as string });
});

test("a file that brings its own transaction runs in ours, and fails as a whole", async () => {
  const { write, apply, query } = await createScene();
  await write({ "1.sql": "BEGIN;\ncreate table a (n int primary key);\ninsert into a values (1), (1);\nCOMMIT;\n" });
  expect(await errorOf(apply())).toMatchObject({ data: { undone: true } });
  expect(await query("select to_regclass('a') as a")).toEqual([{ a: null }]);
  await write({ "1.sql": "BEGIN;\ncreate table a (n int primary key);\ninsert into a values (1);\nCOMMIT;\n" });
  expect(await apply()).toEqual(["1"]);
  expect(await query("select n from a")).toEqual([{ n: 1 }]);
});

test("a ledger of an earlier version is read as it is and brought up to date by what is applied", async () => {
  const { write, apply, query, migrator, call } = await createScene();
  await write({ "1.sql": "create table a ()" });
  await apply();
  await query(
    `alter table fairlead.migrations drop column progress, drop column down, drop column actor, drop constraint migrations_state_check,
       add constraint migrations_state_check check (state in ('running', 'applied', 'failed')); update fairlead.migrations_version set version = 1`,
  );
  await write({ "2.sql": "create table b (n int); create index concurrently b_n on b (n)" });
  expect((await migrator.plan(call())).pending.map(({ id }) => id)).toEqual(["2"]);
  expect(await apply()).toEqual(["2"]);
  expect(await query("select version from fairlead.migrations_version")).toEqual([{ version: 3 }]);
});

test("the isolation that a file asks for holds, and what fails behind that is found in its place", async () => {
  const { write, apply, query, migrator, call } = await createScene();
  await write({
    "1.sql":
      "begin;\n-- one snapshot\nset transaction isolation level repeatable read;\ncreate table levels as select current_setting('transaction_isolation') as level;\ncommit;",
    "2.sql": "set transaction isolation level serializable;\ninsert into levels select current_setting('transaction_isolation');",
    "3.sql": "insert into levels select current_setting('transaction_isolation')",
  });
  expect(await migrator.verify(call())).toEqual([]);
  expect(await apply()).toEqual(["1", "2", "3"]);
  expect(await query("select level from levels")).toEqual([
    { level: "repeatable read" },
    { level: "serializable" },
    { level: "read committed" },
  ]);
  await write({ "4.sql": "begin;\nset transaction isolation level repeatable read;\nselect 1;\nselect missing from levels;\ncommit;" });
  expect((await errorOf(apply())).message).toMatch(/4\.sql:4:8: column "missing" does not exist/);
});

test("what a file sets in the middle of a value, or by a trigger, is not set for the next one", async () => {
  const { query, write, apply } = await createScene();
  await query(`create table noisy (n int);
    create function noise() returns trigger language plpgsql as $$ begin perform set_config('work_mem', '7MB', false); return null; end $$;
    create trigger noise after insert on noisy execute function noise();
    create table found (memory text default current_setting('work_mem'))`);
  await write({
    "1.sql": "insert into noisy values (length(set_config('work_mem', '5MB', false)))",
    "2.sql": "insert into found default values",
  });
  expect(await apply()).toEqual(["1", "2"]);
  expect(await query("select memory = current_setting('work_mem') as clean from found")).toEqual([{ clean: true }]);
});
