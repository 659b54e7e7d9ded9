import type { Timers } from "../../contract/store.js";
import type { Clock } from "../../time/clock.js";
import { toPageSize } from "../paging.js";
import type { Connection } from "./connection.js";

export function sqliteTimers(connection: Connection, clock: Clock): Timers {
  return {
    due: ({ prefix, limit }) =>
      connection.read((database) =>
        database.all<{ readonly name: string; readonly at: number }>(
          "SELECT name, at FROM timer WHERE at <= ? AND substr(name, 1, length(?)) = ? ORDER BY at, name LIMIT ?",
          ...[clock.now(), prefix, prefix, toPageSize(limit)],
        ),
      ),
  };
}
