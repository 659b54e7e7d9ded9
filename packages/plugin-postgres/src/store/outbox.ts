import type { JsonObject, Outbox, OutboxMessage, OutboxResult } from "@fairlead/core";
import type { Database } from "./database.js";
import { moment } from "./moment.js";

interface MessageRow extends Omit<OutboxMessage, "error" | "reference" | "lease"> {
  readonly error: JsonObject | null;
  readonly reference: string | null;
  readonly holder: string | null;
  readonly leasedUntil: number | null;
}

const columns = `id, dedupe_key as "dedupeKey", channel, lane, application, environment, notification, state, attempts, next_at as "nextAt",
  created_at as "createdAt", error, reference, holder, leased_until as "leasedUntil"`;

export function postgresOutbox(ask: Database["ask"], schema: string): Outbox {
  const table = `${schema}.outbox`;
  return {
    async lease({ application, environment, channels, holder, ttl, takeOver = [], limit }) {
      // What another worker is just taking is passed over; what it has taken since this statement began is looked at again.
      const rows = await ask<MessageRow & { sequence: number }>({
        text: `with due as materialized (
            select sequence from ${table} as head
            where application = $1 and environment = $2 and state = 'pending' and channel = any($3) and next_at <= ${moment}
              and (coalesce(leased_until, 0) <= ${moment} or holder = any($4))
              and not exists (
                select from ${table} as earlier
                where earlier.application = head.application and earlier.environment = head.environment and earlier.lane = head.lane
                  and earlier.state = 'pending' and earlier.sequence < head.sequence
              )
            order by sequence limit $5 for update skip locked
          )
          update ${table} set holder = $6, leased_until = ceil(${moment} + $7::float8)
          from due where outbox.sequence = due.sequence returning outbox.sequence, ${columns}`,
        values: () => [application, environment, [...channels], [...takeOver], limit, holder, ttl],
        once: true,
      });
      return rows.toSorted((left, right) => left.sequence - right.sequence).map(toMessage);
    },
    async settle(id, holder, result) {
      await ask({
        text: `update ${table} set attempts = attempts + 1, holder = null, leased_until = null, ${assignmentsOf(result)}
          where id = $1 and holder = $2 and state = 'pending'`,
        values: () => [id, holder, ...valuesOf(result)],
      });
    },
    async list({ application, environment, state, limit = 50 }) {
      const rows = await ask<MessageRow>({
        text: `select ${columns} from ${table}
          where application = $1 and ($2::text is null or environment = $2) and ($3::text is null or state = $3) order by sequence desc limit $4`,
        values: () => [application, environment ?? null, state ?? null, Math.min(1_000, Math.max(1, Math.trunc(limit)))],
      });
      return rows.map(toMessage);
    },
    async revive(ids) {
      const rows = await ask({
        text: `update ${table} set state = 'pending', attempts = 0, next_at = ceil(${moment}) where id = any($1) and state = 'dead' returning id`,
        values: () => [[...ids]],
      });
      return rows.length;
    },
  };
}

function assignmentsOf({ state }: OutboxResult): string {
  switch (state) {
    case "delivered":
      return "state = 'delivered', error = null, reference = $3";
    case "dead":
      return "state = 'dead', error = $3";
    case "pending":
      return `error = $3, next_at = ceil(${moment} + $4::float8)`;
  }
}

function valuesOf(result: OutboxResult): readonly unknown[] {
  switch (result.state) {
    case "delivered":
      return [result.reference ?? null];
    case "dead":
      return [JSON.stringify(result.error)];
    case "pending":
      return [JSON.stringify(result.error), result.delay];
  }
}

function toMessage(row: MessageRow): OutboxMessage {
  const { id, dedupeKey, channel, lane, application, environment, notification, state, attempts, nextAt, createdAt } = row;
  const { error, reference, holder, leasedUntil } = row;
  return {
    ...{ id, dedupeKey, channel, lane, application, environment, notification, state, attempts, nextAt, createdAt },
    ...(error === null ? {} : { error }),
    ...(reference === null ? {} : { reference }),
    ...(holder === null || leasedUntil === null ? {} : { lease: { holder, until: leasedUntil } }),
  };
}
