import type { Session } from "../connection/session.js";

/** Asks what a connection of a pool is like before anything is done with it. Answers a row with `found`, which is JSON. */
export const lookStatement = `select json_build_object(
    'backend', pg_backend_pid(), 'since', to_char(now() at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS.US') || '+00',
    'user', session_user, 'role', current_setting('role'),
    'settings', (select coalesce(json_object_agg(name, current_setting(name)), '{}') from pg_settings
      where source = 'session' and name not in ('transaction_isolation', 'transaction_read_only', 'transaction_deferrable')),
    'channels', (select coalesce(json_agg(channel), '[]') from pg_listening_channels() as channel),
    'locks', (select coalesce(json_agg(json_build_array(classid, objid, objsubid, mode)), '[]') from pg_locks
      where pid = pg_backend_pid() and locktype = 'advisory')
  )::text as found`;

/**
 * The statement that makes a connection of a pool what it was when it was looked at: whoever comes next has it. What others had left there stays, but for temporary tables. Elsewhere than on that connection it does nothing. Three things
 * cannot be taken back, as nothing tells of them: libraries that were loaded, variables of procedural languages, and settings of names that no extension has, which end with what the pool set itself when it
 * made the connection.
 */
export function asFoundStatement(session: Session, found: string): string {
  const body = `
declare
  found constant json := ${session.quote(found)};
  since constant timestamptz := (found->>'since')::timestamptz;
  one record;
  cursors text[];
  cursor_name text;
begin
  if pg_backend_pid() <> (found->>'backend')::int then return; end if;
  reset all;
  reset session authorization;
  if session_user <> found->>'user' then execute format('set session authorization %I', found->>'user'); end if;
  -- An open cursor keeps temporary tables from being dropped. A loop over them would be one itself.
  select coalesce(array_agg(name), '{}') into cursors from pg_cursors where creation_time >= since;
  foreach cursor_name in array cursors loop execute format('close %I', cursor_name); end loop;
  for one in select name from pg_prepared_statements where from_sql and prepare_time >= since loop execute format('deallocate %I', one.name); end loop;
  for one in
    select classid::bigint << 32 | objid::bigint as key, classid::bigint::bit(32)::int as first, objid::bigint::bit(32)::int as second, objsubid = 1 as single, mode
      from pg_locks where pid = pg_backend_pid() and locktype = 'advisory'
        and not exists (select from json_array_elements(found->'locks') as lock
          where lock->>0 = classid::text and lock->>1 = objid::text and lock->>2 = objsubid::text and lock->>3 = mode)
  loop
    loop
      exit when not case
        when one.mode = 'ShareLock' and one.single then pg_advisory_unlock_shared(one.key)
        when one.mode = 'ShareLock' then pg_advisory_unlock_shared(one.first, one.second)
        when one.single then pg_advisory_unlock(one.key)
        else pg_advisory_unlock(one.first, one.second)
      end;
      exit when not exists (select from pg_locks where pid = pg_backend_pid() and locktype = 'advisory'
        and classid::bigint::bit(32)::int = one.first and objid::bigint::bit(32)::int = one.second and (objsubid = 1) = one.single and mode = one.mode);
    end loop;
  end loop;
  unlisten *;
  for one in select value from json_array_elements_text(found->'channels') loop execute format('listen %I', one.value); end loop;
  discard temp;
  discard sequences;
  perform setseed((('x' || substr(md5(clock_timestamp()::text || pg_backend_pid()), 1, 8))::bit(32)::int)::float8 / 2147483648);
  for one in select key, value from json_each_text(found->'settings') loop
    if current_setting(one.key, true) is distinct from one.value then perform set_config(one.key, one.value, false); end if;
  end loop;
  perform set_config('role', found->>'role', false);
end`;
  return `do language plpgsql ${session.quote(body)}`;
}
