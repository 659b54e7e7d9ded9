import { randomInt } from "node:crypto";
import { coreErrors, fail, withDeadline, type Clock, type JsonObject, type Lease, type Leases } from "@fairlead/core";
import type { CommitQueue } from "./commit-queue.js";
import type { Database } from "./database.js";
import { unavailable } from "./failure.js";
import { moment } from "./moment.js";

interface LeaseRow {
  readonly token: number;
  readonly holder: JsonObject;
  readonly expires_at: number;
}

/** What the database says of a lease that was asked for. */
interface AcquireAnswer {
  readonly granted: boolean;
  readonly token: number;
  /** JSON. */
  readonly holder: string;
  readonly expiresAt: number;
}

/** In milliseconds: a database that is well may take as long. */
const shortestPatience = 1_000;

/** Leases on the clock of the database. */
export function postgresLeases(options: {
  readonly store: string;
  readonly ask: Database["ask"];
  readonly queue: CommitQueue;
  readonly schema: string;
  readonly clock: Clock;
  /** How long the database is asked for one again while it does not answer, in milliseconds. */
  readonly patience: number;
}): Leases {
  const { store, ask, queue, schema, clock, patience } = options;
  // While this process insists, a lease runs out: better it hears in time that nothing is known.
  const patienceFor = (ttl: number): number => Math.min(patience, Math.max(shortestPatience, ttl / 3));
  return {
    async acquire({ name, holder, ttl, takeOver }) {
      const acquire = { name, holder: JSON.stringify(holder), ttl, takeOver };
      const message = JSON.stringify({ nonce: randomInt(2 ** 48 - 1), acquire });
      const late = (): Error => unavailable(store, "it has not said in time who has the lease.");
      const answer = await withDeadline(clock, { milliseconds: patienceFor(ttl), reason: late }, (signal) =>
        queue.submit({ message, touches: [`lease ${name}`], signal }),
      );
      // Made by `acquire_1`, and by nothing else.
      const { granted, token, holder: text, expiresAt } = answer as unknown as AcquireAnswer;
      const lease: Lease = { name, token, holder: JSON.parse(text) as JsonObject, expiresAt };
      return granted ? { granted, lease } : { granted, held: lease };
    },
    async renew({ name, token }, ttl) {
      const [row] = await ask<LeaseRow>({
        text: `update ${schema}.lease set expires_at = ceil(${moment} + $3::float8)
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
