import type { Timers } from "@fairlead/core";
import type { Database } from "./database.js";

export function postgresTimers(ask: Database["ask"], schema: string): Timers {
  return {
    due: ({ prefix, limit }) =>
      ask<{ name: string; at: number }>({
        text: `select name, at from ${schema}.timer
          where at <= extract(epoch from clock_timestamp()) * 1000 and starts_with(name, $1) order by at, name limit $2`,
        values: () => [prefix, limit],
      }),
  };
}
