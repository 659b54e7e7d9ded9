import type { Timers } from "@fairlead/core";
import type { Database } from "./database.js";

export function postgresTimers(ask: Database["ask"], schema: string): Timers {
  return {
    // By the time of the statement, in the column's own type: so that those that are not due are not even looked at.
    due: ({ prefix, limit }) =>
      ask<{ name: string; at: number }>({
        text: `select name, at from ${schema}.timer
          where at <= floor(extract(epoch from statement_timestamp()) * 1000)::bigint and starts_with(name, $1) order by at, name limit $2`,
        values: () => [prefix, limit],
      }),
  };
}
