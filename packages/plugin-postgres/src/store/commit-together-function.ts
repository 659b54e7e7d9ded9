import { alone } from "./alone.js";
import type { Place } from "./place.js";

/**
 * `commit_2(plain, others, again)`: the plain ones of a batch in one statement, then the others as `commit_1` makes them. Answers as that does: first of those, then of these.
 *
 * A plain commit appends to one stream that is there, under a fence, and does nothing else; no two of them have anything in common. It is what a deployment does most: with them together
 * the database has a quarter of the work.
 */
export function commitTogetherFunction({ name, schema, lock }: Place): string {
  return `
    create or replace function ${schema}.commit_2(plain jsonb, others jsonb, again boolean) returns jsonb language plpgsql
    -- A plan is kept while the tables grow: only one that looks each of them up by its name stays as good as it was.
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
    as $commit$
    declare
      answers jsonb := '[]';
      announced bigint;
    begin
      ${alone(lock)}

      if jsonb_array_length(plain) > 0 then
        with item as materialized (
          select element.place, (element.value ->> 'nonce')::bigint as nonce, element.value #> '{streams,0}' as write, element.value -> 'fence' as fence
          from jsonb_array_elements(plain) with ordinality as element (value, place)
        ),
        found as materialized (
          select item.place, item.nonce, item.write ->> 'name' as name, (item.write ->> 'expectedVersion')::bigint as expected,
            item.write -> 'events' as events, stream.id, coalesce(stream.version, 0) as actual, lease.name is not null as held
          from item
          left join ${schema}.stream on stream.name = item.write ->> 'name'
          left join ${schema}.lease on lease.name = item.fence ->> 'lease' and lease.token = (item.fence ->> 'token')::bigint
        ),
        good as materialized (
          select * from found where found.held and found.actual = found.expected
        ),
        moved as (
          update ${schema}.stream set version = good.expected + jsonb_array_length(good.events) from good where stream.id = good.id
        ),
        written as (
          insert into ${schema}.event (position, stream, version, type, at, data, hash, nonce)
          select nextval('${schema}.event_position'), line.id, line.expected + line.number, line.value ->> 'type', line.value ->> 'at',
            (line.value ->> 'data')::json, line.value ->> 'hash', line.nonce
          from (
            select good.id, good.expected, good.nonce, element.value, element.number
            from good cross join jsonb_array_elements(good.events) with ordinality as element (value, number)
            order by good.place, element.number
          ) as line
          returning event.stream, event.position
        ),
        ended as materialized (
          select written.stream, max(written.position) as position from written group by written.stream
        )
        select max(ended.position), jsonb_agg(
          case
            when not found.held then jsonb_build_object('code', 'LEASE_LOST')
            when found.actual <> found.expected then
              jsonb_build_object('code', 'STORE_CONFLICT', 'stream', found.name, 'expected', found.expected, 'actual', found.actual)
            else to_jsonb(ended.position)
          end order by found.place
        )
        into announced, answers
        from found left join ended on ended.stream = found.id;
        if announced is not null then
          perform pg_notify('${name}', announced::text);
        end if;
      end if;

      if jsonb_array_length(others) > 0 then
        answers := answers || ${schema}.commit_1(others, again);
      end if;
      return answers;
    end
    $commit$;
  `;
}
