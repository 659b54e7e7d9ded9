import { alone } from "./alone.js";
import { moment } from "./moment.js";
import type { Place } from "./place.js";

/**
 * `commit_1(changes, again)`: makes commits one after the other, each as a whole or not at all, and answers for each the position of its last event or why it was refused. Leases are given
 * between them.
 *
 * All of it happens under one lock, which is held until what was written is visible to everybody. Because of it events appear in the order of their positions, so that whoever follows them
 * misses none, and what was checked stays true until it is written. That costs no time: a process sends its commits together, and the disk is waited for once.
 */
export function commitFunction({ name, schema, lock }: Place): string {
  return `
    create or replace function ${schema}.commit_1(changes jsonb, again boolean) returns jsonb language plpgsql as $commit$
    declare
      answers jsonb := '[]';
      this jsonb;
      writes jsonb;
      change jsonb;
      refusal jsonb;
      beside jsonb;
      holder text;
      expected bigint;
      actual bigint;
      written bigint;
      target bigint;
      announced bigint;
      moment bigint;
    begin
      ${alone(lock)}
      moment := ${moment};

      for this in select item.value from jsonb_array_elements(changes) as item loop
        if this ? 'acquire' then
          answers := answers || ${schema}.acquire_1(this -> 'acquire', (this ->> 'nonce')::bigint);
          continue;
        end if;

        writes := this -> 'streams';
        refusal := null;

        if again then
          select first_event.position - 1 + (select sum(jsonb_array_length(write.value -> 'events')) from jsonb_array_elements(writes) as write)
          into written
          from jsonb_array_elements(writes) with ordinality as write (value, place)
          join ${schema}.stream on stream.name = write.value ->> 'name'
          join ${schema}.event as first_event
            on first_event.stream = stream.id and first_event.version = (write.value ->> 'expectedVersion')::bigint + 1
          where jsonb_array_length(write.value -> 'events') > 0 and first_event.nonce = (this ->> 'nonce')::bigint
          order by write.place limit 1;
          if found then
            answers := answers || to_jsonb(written);
            continue;
          end if;
        end if;

        if this ? 'fence' then
          perform from ${schema}.lease
          where lease.name = this -> 'fence' ->> 'lease' and lease.token = (this -> 'fence' ->> 'token')::bigint;
          if not found then
            refusal := jsonb_build_object('code', 'LEASE_LOST');
          end if;
        end if;

        if refusal is null and this -> 'claim' ->> 'action' = 'take' then
          select claim.owner into holder from ${schema}.claim where claim.key = this -> 'claim' ->> 'key';
          if found and holder <> this -> 'claim' ->> 'owner' then
            refusal := jsonb_build_object('code', 'CLAIM_HELD', 'owner', holder);
          end if;
        end if;

        if refusal is null then
          beside := '{}';
          for change in select item.value from jsonb_array_elements(writes) as item loop
            expected := (change ->> 'expectedVersion')::bigint;
            select stream.version into actual from ${schema}.stream where stream.name = change ->> 'name';
            actual := coalesce(actual, 0) + coalesce((beside ->> (change ->> 'name'))::bigint, 0);
            if actual <> expected then
              refusal := jsonb_build_object('code', 'STORE_CONFLICT', 'stream', change ->> 'name', 'expected', expected, 'actual', actual);
              exit;
            end if;
            if jsonb_array_length(writes) > 1 then
              written := coalesce((beside ->> (change ->> 'name'))::bigint, 0) + jsonb_array_length(change -> 'events');
              beside := beside || jsonb_build_object(change ->> 'name', written);
            end if;
          end loop;
        end if;

        if refusal is null and this ? 'removals' then
          select jsonb_build_object('code', 'STORE_CONFLICT', 'stream', removal.name, 'expected', removal."expectedVersion", 'actual', coalesce(stream.version, 0))
          into refusal
          from jsonb_to_recordset(this -> 'removals') as removal (name text, "expectedVersion" bigint)
          left join ${schema}.stream on stream.name = removal.name
          where coalesce(stream.version, 0) <> removal."expectedVersion" limit 1;
        end if;

        if refusal is not null then
          answers := answers || refusal;
          continue;
        end if;

        if (this -> 'fence' ->> 'release')::boolean then
          delete from ${schema}.lease where lease.name = this -> 'fence' ->> 'lease';
        end if;
        if this -> 'claim' ->> 'action' = 'take' then
          insert into ${schema}.claim (key, owner) values (this -> 'claim' ->> 'key', this -> 'claim' ->> 'owner') on conflict do nothing;
        elsif this -> 'claim' ->> 'action' = 'release' then
          delete from ${schema}.claim where claim.key = this -> 'claim' ->> 'key' and claim.owner = this -> 'claim' ->> 'owner';
        end if;

        written := null;
        for change in select item.value from jsonb_array_elements(writes) as item loop
          expected := (change ->> 'expectedVersion')::bigint;
          actual := expected + jsonb_array_length(change -> 'events');
          continue when actual = 0;
          if expected = 0 then
            insert into ${schema}.stream (name, version, summary, labels)
            values (change ->> 'name', actual, coalesce((change ->> 'summary')::json, '{}'), coalesce(change -> 'labels', '{}'))
            returning stream.id into target;
          elsif change ? 'summary' then
            update ${schema}.stream set version = actual, summary = (change ->> 'summary')::json, labels = change -> 'labels'
            where stream.name = change ->> 'name' returning stream.id into target;
          elsif actual > expected then
            update ${schema}.stream set version = actual where stream.name = change ->> 'name' returning stream.id into target;
          end if;
          if actual > expected then
            insert into ${schema}.event (position, stream, version, type, at, data, hash, nonce)
            select nextval('${schema}.event_position'), target, expected + item.place, item.value ->> 'type', item.value ->> 'at',
              (item.value ->> 'data')::json, item.value ->> 'hash', (this ->> 'nonce')::bigint
            from (select * from jsonb_array_elements(change -> 'events') with ordinality as element (value, place) order by place) as item;
            written := currval('${schema}.event_position');
          end if;
        end loop;

        if this ? 'removals' then
          with removed as (
            delete from ${schema}.stream
            where stream.name in (select item.value ->> 'name' from jsonb_array_elements(this -> 'removals') as item) returning stream.id
          )
          delete from ${schema}.event where event.stream in (select removed.id from removed);
        end if;

        if this ? 'outbox' then
          insert into ${schema}.outbox
            (id, dedupe_key, channel, lane, application, environment, notification, state, attempts, next_at, created_at)
          select item.value ->> 'id', item.value ->> 'dedupeKey', item.value ->> 'channel', item.value ->> 'lane',
            item.value ->> 'application', item.value ->> 'environment', (item.value ->> 'notification')::json, 'pending', 0, moment, moment
          from (select * from jsonb_array_elements(this -> 'outbox') with ordinality as element (value, place) order by place) as item
          on conflict do nothing;
        end if;

        if this ? 'timers' then
          delete from ${schema}.timer where timer.name in (select item.value ->> 'name' from jsonb_array_elements(this -> 'timers') as item);
          insert into ${schema}.timer (name, at)
          select item.value ->> 'name', (item.value ->> 'at')::bigint from jsonb_array_elements(this -> 'timers') as item
          where item.value ->> 'at' is not null;
        end if;

        if written is null then
          select coalesce(max(event.position), 0) into written from ${schema}.event;
        else
          announced := written;
        end if;
        answers := answers || to_jsonb(written);
      end loop;

      if announced is not null then
        perform pg_notify('${name}', announced::text);
      end if;
      return answers;
    end
    $commit$;
  `;
}
