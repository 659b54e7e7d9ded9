import { randomInt } from "node:crypto";
import { coreErrors, fail, type JsonObject, type Lease, type Leases } from "@fairlead/core";
import type { Database } from "./database.js";

interface LeaseRow {
  readonly token: number;
  readonly holder: JsonObject;
  readonly expires_at: number;
}

/** Leases on the clock of the database. `patience`: how long the database is asked for one again while it does not answer, in milliseconds. */
export function postgresLeases(ask: Database["ask"], schema: string, patience: number): Leases {
  // While this process insists, a lease runs out: better it hears in time that nothing is known.
  const patienceFor = (ttl: number): number => Math.min(patience, ttl / 3);
  return {
    async acquire({ name, holder, ttl, takeOver }) {
      const nonce = randomInt(2 ** 48 - 1);
      const [row] = await ask<LeaseRow & { granted: boolean }>({
        text: `select * from ${schema}.acquire_1($1, $2, $3, $4, $5)`,
        values: () => [name, JSON.stringify(holder), ttl, takeOver ?? null, nonce],
        patience: patienceFor(ttl),
      });
      const { granted, ...lease } = row as typeof row & object;
      return granted ? { granted, lease: toLease(name, lease) } : { granted, held: toLease(name, lease) };
    },
    async renew({ name, token }, ttl) {
      const [row] = await ask<LeaseRow>({
        text: `update ${schema}.lease set expires_at = ceil(extract(epoch from clock_timestamp()) * 1000 + $3::float8)
          where name = $1 and token = $2 returning token, holder, expires_at`,
        values: () => [name, token, ttl],
        patience: patienceFor(ttl),
      });
      if (row === undefined) throw fail(coreErrors, "LEASE_LOST", { lease: name, token });
      return toLease(name, row);
    },
    async release({ name, token }) {
      await ask({ text: `select ${schema}.release_1($1, $2)`, values: () => [name, token] });
    },
    async read(name) {
      const [row] = await ask<LeaseRow>({
        text: `select token, holder, expires_at from ${schema}.lease where name = $1`,
        values: () => [name],
      });
      return row === undefined ? undefined : toLease(name, row);
    },
  };
}

function toLease(name: string, { token, holder, expires_at: expiresAt }: LeaseRow): Lease {
  return { name, token, holder, expiresAt };
}
