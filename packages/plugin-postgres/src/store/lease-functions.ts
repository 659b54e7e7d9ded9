import { alone } from "./alone.js";
import type { Place } from "./place.js";

/**
 * `acquire_1(name, holder, ttl, take_over, nonce)`: gives a lease to whoever asks, or says who has it. Under the lock of commits, so that no commit passes a fence that falls meanwhile.
 * Asked again with the same nonce it answers the same lease. `release_1(name, token)` ends one.
 */
export function leaseFunctions({ schema, lock }: Place): string {
  return `
    create function ${schema}.acquire_1(wanted text, asker json, ttl double precision, take_over bigint, request bigint)
    returns table (granted boolean, token bigint, holder json, expires_at bigint) language plpgsql as $lease$
    declare
      held ${schema}.lease;
      moment double precision;
    begin
      ${alone(lock)}
      moment := extract(epoch from clock_timestamp()) * 1000;
      select * into held from ${schema}.lease where lease.name = wanted;
      if found and (held.nonce = request or held.expires_at > moment and held.token is distinct from take_over) then
        return query select held.nonce = request, held.token, held.holder, held.expires_at;
        return;
      end if;
      return query
        insert into ${schema}.lease as given (name, token, holder, expires_at, nonce)
        values (wanted, nextval('${schema}.lease_token'), asker, ceil(moment + ttl), request)
        on conflict (name) do update
          set token = excluded.token, holder = excluded.holder, expires_at = excluded.expires_at, nonce = excluded.nonce
        returning true, given.token, given.holder, given.expires_at;
    end
    $lease$;

    create function ${schema}.release_1(wanted text, given bigint) returns void language plpgsql as $lease$
    begin
      ${alone(lock)}
      delete from ${schema}.lease where lease.name = wanted and lease.token = given;
    end
    $lease$;
  `;
}
