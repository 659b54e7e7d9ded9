import { expect, test } from "vitest";
import { ground, leaks } from "./support/leaks.js";
import { useServer } from "./support/scene.js";

const { createScene } = useServer();

/** Writes down what the connection is like that the migrations run on. */
const look = `
  insert into public.looks (settings, tenant, role, statements, cursors, channels, temporary, locks) select
    (select coalesce(json_object_agg(name, setting order by name), '{}')::text from pg_settings
      where source = 'session' and name not in ('transaction_isolation', 'transaction_read_only', 'transaction_deferrable')),
    coalesce(current_setting('app.tenant', true), ''), session_user || ' as ' || current_setting('role'),
    (select count(*) from pg_prepared_statements), (select count(*) from pg_cursors), (select count(*) from pg_listening_channels()),
    (select count(*) from pg_class where relnamespace = pg_my_temp_schema()) + (select count(*) from pg_proc where pronamespace = pg_my_temp_schema()),
    (select count(*) from pg_locks where pid = pg_backend_pid() and locktype = 'advisory');
  do $$ begin update public.looks set last = lastval() where last is null; exception when object_not_in_prerequisite_state then null; end $$;`;

const kept =
  "settings text, tenant text, role text, statements int, cursors int, channels int, temporary int, locks int, last bigint, place timestamptz default clock_timestamp()";

test("nothing that a file leaves in its connection is there for the next one", async () => {
  const { write, apply, query } = await createScene();
  await query(`${ground} create table looks (${kept})`);
  const files = leaks.flatMap(({ sql }, index): [string, string][] => [
    [`${String(100 + index)}a.sql`, `${sql};`],
    [`${String(100 + index)}b.sql`, look],
  ]);
  await write({ "000.sql": look, ...Object.fromEntries(files) });
  expect(await apply()).toHaveLength(files.length + 1);
  const [first, ...others] = await query("select * from looks order by place");
  expect(others).toHaveLength(leaks.length);
  for (const [index, found] of others.entries()) expect.soft({ ...found, place: 0 }, leaks[index]?.name).toEqual({ ...first, place: 0 });
});

test("what a trigger sets that watches over every statement is not there for the next file", async () => {
  const { write, apply, query } = await createScene();
  await query(`create schema shelf;
    create function leak() returns event_trigger language plpgsql as $$ begin perform set_config('search_path', 'shelf', false); end $$;
    create event trigger leaks on ddl_command_end execute function leak()`);
  await write({ "1.sql": "create table a ()", "2.sql": "create table b ()" });
  expect(await apply()).toEqual(["1", "2"]);
  expect(await query("select to_regclass('public.b') is not null as here")).toEqual([{ here: true }]);
});

test("a file that is tried again because a table is busy finds nothing of the try before", async () => {
  const { write, apply, query, connect } = await createScene();
  await query("create table busy ()");
  const other = await connect();
  await other.query("begin; lock table busy");
  await write({ "1.sql": "prepare visit as select 1; create temp table visits (); alter table busy add column n int" });
  const applying = apply();
  const tries = "select from pg_stat_activity where wait_event_type = 'Lock' and query like '%prepare visit%' and pid <> pg_backend_pid()";
  await expect.poll(async () => (await query(tries)).length, { timeout: 60_000 }).toBe(1);
  await expect.poll(async () => (await query(tries)).length, { timeout: 60_000 }).toBe(0);
  await other.query("commit");
  expect(await applying).toEqual(["1"]);
});
