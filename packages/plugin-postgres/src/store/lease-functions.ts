import { alone } from "./alone.js";
import { moment } from "./moment.js";
import type { Place } from "./place.js";

/**
 * `acquire_1(wanted, nonce)`: gives a lease to whoever asks, or says who has it. Asked again with the same nonce it answers the same lease. `release_1(name, token)` ends one. Both are under
 * the lock of commits, so that no commit passes a fence that falls meanwhile.
 */
export function leaseFunctions({ schema, lock }: Place): string {
  return `
    create function ${schema}.acquire_1(wanted jsonb, request bigint) returns jsonb language plpgsql as $lease$
    declare
      held ${schema}.lease;
      moment double precision := ${moment};
    begin
      select * into held from ${schema}.lease where lease.name = wanted ->> 'name';
      if not found or (held.nonce <> request and (held.expires_at <= moment or held.token = (wanted ->> 'takeOver')::bigint)) then
        insert into ${schema}.lease as given (name, token, holder, expires_at, nonce)
        values (
          wanted ->> 'name', nextval('${schema}.lease_token'), (wanted ->> 'holder')::json,
          ceil(moment + (wanted ->> 'ttl')::double precision), request
        )
        on conflict (name) do update
          set token = excluded.token, holder = excluded.holder, expires_at = excluded.expires_at, nonce = excluded.nonce
        returning * into held;
      end if;
      return jsonb_build_object(
        'granted', held.nonce = request, 'token', held.token, 'holder', held.holder::text, 'expiresAt', held.expires_at
      );
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
