import type { SQLInputValue } from "node:sqlite";
import type { Outbox, OutboxMessage, OutboxResult, OutboxState } from "../../contract/store.js";
import type { Notification } from "../../contract/notifier.js";
import type { Clock } from "../../time/clock.js";
import { toPageSize } from "../paging.js";
import type { Connection } from "./connection.js";
import type { Database } from "./database.js";
import { parseObject } from "./streams.js";

interface MessageRow extends Omit<OutboxMessage, "notification" | "error" | "reference" | "lease"> {
  readonly notification: string;
  readonly error: string | null;
  readonly reference: string | null;
  readonly holder: string | null;
  readonly leasedUntil: number | null;
}

const columns = `id, dedupe_key AS dedupeKey, channel, lane, application, environment, notification, state, attempts, next_at AS nextAt,
  created_at AS createdAt, error, reference, holder, leased_until AS leasedUntil`;

/** Written out in the statement, so that the partial indexes apply. */
const isState: Readonly<Record<OutboxState, string>> = {
  pending: "AND state = 'pending'",
  delivered: "AND state = 'delivered'",
  dead: "AND state = 'dead'",
};

export function sqliteOutbox(connection: Connection, clock: Clock): Outbox {
  return {
    lease: ({ application, environment, channels, holder, ttl, takeOver = [], limit }) =>
      connection.write((database) => {
        const now = clock.now();
        const due = database.all<MessageRow>(
          `SELECT ${columns} FROM outbox AS head
           WHERE application = ? AND environment = ? AND state = 'pending'
             AND channel IN (SELECT value FROM json_each(?)) AND next_at <= ?
             AND (coalesce(leased_until, 0) <= ? OR holder IN (SELECT value FROM json_each(?)))
             AND NOT EXISTS (
               SELECT 1 FROM outbox AS earlier
               WHERE earlier.application = head.application AND earlier.environment = head.environment AND earlier.lane = head.lane
                 AND earlier.state = 'pending' AND earlier.sequence < head.sequence
             )
           ORDER BY sequence LIMIT ?`,
          ...[application, environment, JSON.stringify(channels), now, now, JSON.stringify(takeOver), limit],
        );
        const leasedUntil = Math.ceil(now + ttl);
        for (const { id } of due) database.run("UPDATE outbox SET holder = ?, leased_until = ? WHERE id = ?", holder, leasedUntil, id);
        return due.map((row) => toMessage({ ...row, holder, leasedUntil }));
      }),
    settle: (id, holder, result) =>
      connection.write((database) => {
        settle(database, { id, holder, result, now: clock.now() });
      }),
    list: ({ application, environment, state, limit }) =>
      connection.read((database) => {
        const found = database.all<MessageRow>(
          `SELECT ${columns} FROM outbox
           WHERE application = ? ${environment === undefined ? "" : "AND environment = ?"} ${state === undefined ? "" : isState[state]}
           ORDER BY sequence DESC LIMIT ?`,
          ...[application, ...(environment === undefined ? [] : [environment]), toPageSize(limit)],
        );
        return found.map(toMessage);
      }),
    revive: (ids) =>
      connection.write((database) => {
        const sql = "UPDATE outbox SET state = 'pending', attempts = 0, next_at = ? WHERE id = ? AND state = 'dead'";
        return ids.reduce((revived, id) => revived + database.run(sql, Math.ceil(clock.now()), id).changes, 0);
      }),
  };
}

function settle(
  database: Database,
  { id, holder, result, now }: { readonly id: string; readonly holder: string; readonly result: OutboxResult; readonly now: number },
): void {
  const [assignments, values] = outcomeOf(result, now);
  database.run(
    `UPDATE outbox SET attempts = attempts + 1, holder = NULL, leased_until = NULL, ${assignments} WHERE id = ? AND holder = ? AND state = 'pending'`,
    ...[...values, id, holder],
  );
}

function outcomeOf(result: OutboxResult, now: number): [assignments: string, values: readonly SQLInputValue[]] {
  switch (result.state) {
    case "delivered":
      return ["state = 'delivered', error = NULL, reference = ?", [result.reference ?? null]];
    case "dead":
      return ["state = 'dead', error = ?", [JSON.stringify(result.error)]];
    case "pending":
      return ["error = ?, next_at = ?", [JSON.stringify(result.error), Math.ceil(now + result.delay)]];
  }
}

function toMessage({ notification, error, reference, holder, leasedUntil, ...row }: MessageRow): OutboxMessage {
  return {
    ...row,
    // Written from one, in the same form.
    notification: JSON.parse(notification) as Notification,
    ...(error === null ? {} : { error: parseObject(error) }),
    ...(reference === null ? {} : { reference }),
    ...(holder === null || leasedUntil === null ? {} : { lease: { holder, until: leasedUntil } }),
  };
}
