import type { Scene } from "./scene.js";

/** What a file can leave in its connection. `sets`: it is a setting or a role, which what runs outside of a transaction would need too. */
export interface Leak {
  readonly name: string;
  readonly sql: string;
  readonly sets?: true;
}

/** What they need. */
export const ground = `
  create table marks (n int);
  create sequence numbers;
  do $$ begin create role visitor; exception when duplicate_object then null; end $$;
  create function leak() returns trigger language plpgsql as $$ begin
    perform set_config('work_mem', '7MB', false), pg_advisory_lock(70); return null; end $$;
  create table noisy (n int);
  create trigger noisy after insert on noisy execute function leak();
  create table late (n int);
  create constraint trigger late after insert on late deferrable initially deferred for each row execute function leak();`;

export const leaks: readonly Leak[] = [
  { name: "search_path", sql: "set search_path = pg_catalog", sets: true },
  { name: "a setting by function", sql: "select set_config('work_mem', '5MB', false)", sets: true },
  { name: "a setting in a value", sql: "insert into marks select length(set_config('work_mem', '5MB', false))" },
  { name: "a setting by a block", sql: "do $$ begin perform set_config('work_mem', '5MB', false); end $$" },
  { name: "a setting by a trigger", sql: "insert into noisy values (1)" },
  { name: "a setting by a trigger at the end", sql: "insert into late values (1)" },
  { name: "a setting of its own", sql: "set app.tenant = 'one'", sets: true },
  { name: "lock_timeout", sql: "set lock_timeout = '1h'", sets: true },
  { name: "statement_timeout", sql: "set statement_timeout = '1h'", sets: true },
  { name: "a reset", sql: "reset all", sets: true },
  { name: "the isolation", sql: "set session characteristics as transaction isolation level serializable", sets: true },
  { name: "read only", sql: "set default_transaction_read_only = on", sets: true },
  { name: "the time zone", sql: "set time zone 'Asia/Tokyo'", sets: true },
  { name: "the encoding", sql: "set names 'LATIN1'", sets: true },
  { name: "how strings are written", sql: "set standard_conforming_strings = off", sets: true },
  { name: "triggers off", sql: "set session_replication_role = replica", sets: true },
  { name: "a role", sql: "set role visitor", sets: true },
  { name: "another user", sql: "set session authorization visitor", sets: true },
  { name: "a temporary table", sql: "create temp table visitors (n int)" },
  { name: "a temporary sequence", sql: "create temp sequence visits; select nextval('visits')" },
  { name: "a temporary function", sql: "create function pg_temp.visit() returns int language sql return 1" },
  { name: "a prepared statement", sql: "prepare visit as select 1" },
  { name: "a cursor", sql: "declare visit cursor with hold for select 1" },
  { name: "a channel", sql: "listen visits" },
  { name: "a lock", sql: "select pg_advisory_lock(71)" },
  { name: "a lock taken twice", sql: "select pg_advisory_lock(-72), pg_advisory_lock(-72)" },
  { name: "a shared lock", sql: "select pg_advisory_lock_shared(-7, 3)" },
  { name: "a lock beside one of the transaction", sql: "select pg_advisory_lock(73), pg_advisory_xact_lock(73)" },
  { name: "the last number", sql: "select nextval('numbers')" },
  { name: "the seed of random numbers", sql: "select setseed(0.25)" },
];

/** What PgBouncer keeps for each of its clients itself, such as their name, is not looked at. */
const probe = `select
  (select coalesce(json_object_agg(name, setting order by name), '{}') from pg_settings
    where source = 'session' and name not in ('application_name', 'transaction_isolation', 'transaction_read_only', 'transaction_deferrable')) as settings,
  coalesce(current_setting('app.tenant', true), '') as tenant, current_setting('role') as role, session_user::text as user,
  (select count(*)::int from pg_prepared_statements) as statements, (select count(*)::int from pg_cursors) as cursors,
  array(select pg_listening_channels()) as channels,
  (select count(*)::int from pg_class where relnamespace = pg_my_temp_schema()) + (select count(*)::int from pg_proc where pronamespace = pg_my_temp_schema()) as temporary,
  (select count(*)::int from pg_locks where pid = pg_backend_pid() and locktype = 'advisory') as locks,
  random() as random`;

/** The connections that the pool keeps, each with what is in it. As many as it may have. */
export async function lookIntoPool({ connect }: Scene, connections: number): Promise<readonly Record<string, unknown>[]> {
  const clients = await Promise.all(Array.from({ length: connections }, connect));
  // As many transactions at once as there are connections.
  await Promise.all(clients.map((client) => client.query("begin")));
  const found = await Promise.all(
    clients.map(async (client) => {
      const { rows } = await client.query<Record<string, unknown>>(probe);
      await client.query("savepoint numbers");
      const last = await client.query<{ last: string }>("select lastval() as last").then(
        ({ rows: [row] }) => row?.last,
        () => "none",
      );
      return { ...rows[0], last };
    }),
  );
  await Promise.all(clients.map((client) => client.query("rollback")));
  await Promise.all(clients.map((client) => client.end()));
  return found;
}
